import { expected } from '../core/errors.ts';
import type { GradientSession } from './gradient-session.ts';
import type { AdamWOptions, Arrays, OptimizerState } from './optimizer.ts';
import type { RuntimeSession } from './runtime-session.ts';
import type { Feeds } from './session.ts';

/** The weights of one training and AdamW's memory of them, wherever they lie. Calls must not overlap. */
export interface Trainer {
  /** Updates made so far, those before a restored state included. */
  readonly steps: number;
  /**
   * Computes a batch's loss at the present weights and adds its gradients to those waiting for `update`; a session
   * without gradients gives the loss alone. `feeds` are its inputs other than parameters and frozen weights.
   * @throws UserError (`wrong-feed`, `wrong-gradients`), EnvironmentError (`run-failed`).
   */
  accumulate(session: GradientSession, feeds: Feeds): Promise<number>;
  /**
   * Computes the outputs of a forward pass at the present weights; gradients that wait are left alone. The session must
   * be of the trainer's device.
   * @throws UserError (`wrong-feed`), EnvironmentError (`run-failed`).
   */
  read(session: RuntimeSession<string>, feeds: Feeds): Promise<Arrays>;
  /**
   * One AdamW step with the waiting gradients, which are then gone; returns their norm over all parameters together,
   * before clipping.
   * @throws UserError (`gradient-not-finite`) when that norm is not finite (on WebGPU, when it exceeds 1.8e19); nothing
   *   has changed then, and the gradients still wait. UserError (`no-gradients`) when none wait.
   */
  update(learningRate: number): Promise<number>;
  /** The waiting gradients by parameter name, to read until the next call; empty when none wait. */
  gradients(): Promise<Arrays>;
  /** Brings the arrays that the trainer was made from up to date and returns them. */
  weights(): Promise<Arrays>;
  /** A copy of AdamW's memory; with the weights, all that a bit-identical continuation needs. */
  state(): Promise<OptimizerState>;
  /** Gives the device's memory back; a second call does nothing. The arrays keep what they last held. */
  dispose(): Promise<void>;
}

export interface TrainerOptions extends AdamWOptions {
  /** Weights that sessions read and no step changes, by name; on WebGPU they are uploaded once. @default none */
  readonly frozen?: Arrays;
}

/** The error of an update for which no gradients wait. */
export function noGradients() {
  return expected(
    'no-gradients',
    'gradients waiting for the update',
    'those of a batch',
    'none',
    'Accumulate a batch.',
  );
}
