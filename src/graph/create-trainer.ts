/**
 * Training on any device through one interface. A `GradientSession` is a compiled loss with its gradients and holds no
 * weights; a `Trainer` holds the weights and AdamW's memory. On CPU (and CUDA, where outputs always come back) weights
 * are read in place and the host optimizes; on WebGPU weights, gradients and moments stay in the device's memory, and
 * only loss and norm come back.
 */
import { type Device, requireDevice } from './devices.ts';
import { createHostTrainer } from './host-trainer.ts';
import type { Arrays, OptimizerState } from './optimizer.ts';
import { keepsOutputs } from './resident-arrays.ts';
import { ResidentTrainer } from './resident-trainer.ts';
import type { Trainer, TrainerOptions } from './trainer.ts';

/**
 * A trainer of `parameters` by AdamW, continuing `from` where that is given. It takes the arrays over until `dispose`:
 * read them through `weights`.
 * @throws UserError (`wrong-optimizer-state`) when `from` is not of these parameters; EnvironmentError (`device-absent`).
 */
export async function createTrainer(
  parameters: Arrays,
  options: TrainerOptions = {},
  device: Device = 'cpu',
  from?: OptimizerState,
): Promise<Trainer> {
  await requireDevice(device);
  if (keepsOutputs(device)) return new ResidentTrainer(parameters, options, device, from);
  return createHostTrainer(parameters, options, device, from);
}
