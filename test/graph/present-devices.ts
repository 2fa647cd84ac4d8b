import { describe, test } from 'vitest';
import { type Device, deviceProblem, devices } from '../../src/graph/devices.ts';

/** Why each device cannot be used here; undefined where it can. */
export const problems: ReadonlyMap<Device, string | undefined> = new Map(
  await Promise.all(devices.map(async (device) => [device, await deviceProblem(device)] as const)),
);

/**
 * How far a device's float32 may lie from the true value, relative to the largest. WGSL allows its exponentials and
 * hyperbolic functions tens of units in the last place; CUDA multiplies with 10 bits of mantissa (TF32).
 */
export const tolerances = { cpu: 1e-5, webgpu: 1e-4, cuda: 5e-3 } as const satisfies Record<Device, number>;

/** The same tests on every device present; where it is absent, one skipped test says why. */
export function describeDevices(body: (device: Device) => void): void {
  for (const [device, problem] of problems) {
    if (problem === undefined) describe(device, () => body(device));
    else test.skip(`${device}: absent, ${problem}`, () => {});
  }
}
