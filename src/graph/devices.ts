import { listSupportedBackends } from 'onnxruntime-node';
import { EnvironmentError } from '../core/errors.ts';

/** Where a session runs. `cpu` is always there; `webgpu` and `cuda` where ONNX Runtime was built with them. */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

/** ONNX Runtime's providers for a device. @throws EnvironmentError (`device-absent`) when this installation lacks it. */
export function executionProviders(device: Device): readonly string[] {
  const present = new Set(['cpu', ...listSupportedBackends().map(({ name }) => name)]);
  if (present.has(device)) return [device];
  throw deviceAbsent(device, `which is none of ${[...present].join(', ')}`);
}

/** The one error for a device that cannot be used here, whether its provider is missing or does not start. */
export function deviceAbsent(device: Device, reason: string, cause?: unknown): EnvironmentError {
  const message = `Expected the device to be present on this machine, got "${device}", ${reason}. Use the device "cpu".`;
  return new EnvironmentError('device-absent', message, { cause });
}
