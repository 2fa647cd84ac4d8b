import { listSupportedBackends } from 'onnxruntime-node';
import { EnvironmentError } from '../core/errors.ts';

/** Where a session runs. `cpu` is always there; `webgpu` and `cuda` where ONNX Runtime was built with them. */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

/** ONNX Runtime's providers for a device. @throws EnvironmentError (`device-absent`) when this installation lacks it. */
export function executionProviders(device: Device): readonly string[] {
  const present = ['cpu', ...listSupportedBackends().map((backend) => backend.name)];
  if (device === 'cpu' || present.includes(device)) return [device];
  throw new EnvironmentError(
    'device-absent',
    `Expected device to be one of ${[...new Set(present)].join(', ')} on this machine, got "${device}". Use --device cpu.`,
  );
}
