import { z } from 'zod';
import { type Ramp, ramps } from './ramp.ts';
import { type WeakOptions, weakOptions } from './weak-options.ts';

/** Hyperparameters of losses that mix the student's own answers into its weak labels. */
export interface SelfOptions extends WeakOptions {
  /** Weight of the student's own answers after the ramp, in [0, 1]. @default 0.5 */
  readonly maxWeight: number;
  /** Share of the steps over which that weight comes in, in [0, 1]. @default 0.2 */
  readonly warmup: number;
  /** How it comes in. @default 'linear' */
  readonly ramp: Ramp;
}

/** Schema of {@link SelfOptions}. */
export const selfOptions = weakOptions.extend({
  maxWeight: z.number().min(0).max(1).default(0.5).describe('Weight of the student’s own answers after the ramp'),
  warmup: z.number().min(0).max(1).default(0.2).describe('Share of the steps over which that weight comes in'),
  ramp: z
    .enum(ramps)
    .default('linear')
    .describe('How it comes in: linearly, or as in the open code, which jumps to the full weight'),
});
