import { z } from 'zod';

/** Hyperparameters of `boundless-das`. */
export interface DasOptions {
  /** Layer whose last token is intervened on; `before-last` leaves one block after it. @default 'last' */
  readonly layer: 'before-last' | 'last' | number;
  /** What predictions after an interchange are held against. @default 'set' */
  readonly target: 'set' | 'draw';
  /** Most training examples. @default 4096 */
  readonly examples: number;
  /** @default 200 */
  readonly steps: number;
  /** Interchanges per step. @default 64 */
  readonly batchSize: number;
  /** Angle by which a step turns each coordinate's axis at the peak, in radians; a pair's is a √d-th of it. @default 0.2 */
  readonly learningRate: number;
  /** Peak rate of the logarithms of the subspaces' widths. @default 0.01 */
  readonly widthRate: number;
  /** Temperature at the first step, for a hidden state of 1,024 dimensions; in proportion to their number. @default 50 */
  readonly startTemperature: number;
  /** Temperature at the last step and in scores, in coordinates. @default 0.1 */
  readonly endTemperature: number;
  /** Trusted examples whose tampering subspaces are put into a judged one. @default 'trusted' */
  readonly inject: 'trusted' | 'trusted-negative';
  /** How many of them the score is averaged over. @default 8 */
  readonly injected: number;
  /** All tampering subspaces at once, or one at a time and averaged. @default 'together' */
  readonly swap: 'together' | 'one-at-a-time';
}

/** Schema of {@link DasOptions}; unknown keys are refused. */
export const dasOptions = z.strictObject({
  layer: z
    .union([z.enum(['before-last', 'last']), z.int().min(0)])
    .default('last')
    .describe('Layer to intervene on, 0 = embedding; before-last leaves one block after it'),
  target: z
    .enum(['set', 'draw'])
    .default('set')
    .describe('Loss: probability of the set of possible measurements, or of one drawn from it'),
  examples: z.int().min(2).default(4096).describe('Most training examples, shared out among their kinds'),
  steps: z.int().min(1).default(200).describe('Steps of the training'),
  batchSize: z.int().min(1).default(64).describe('Interchange interventions per step'),
  learningRate: z
    .number()
    .positive()
    .default(0.2)
    .describe('Angle, in radians, that a step turns an axis by at the peak'),
  widthRate: z.number().positive().default(1e-2).describe('Peak rate of the subspaces’ log widths'),
  startTemperature: z
    .number()
    .positive()
    .default(50)
    .describe('Temperature of the boundaries at the start, at 1,024 dimensions and in proportion to their number'),
  endTemperature: z.number().positive().default(0.1).describe('Temperature at the end, in coordinates'),
  inject: z
    .enum(['trusted', 'trusted-negative'])
    .default('trusted')
    .describe('Examples to inject from: trusted ones, as many positive as negative, or negative ones alone'),
  injected: z.int().min(1).default(8).describe('Examples that each is injected from; the score is their mean'),
  swap: z
    .enum(['together', 'one-at-a-time'])
    .default('together')
    .describe('Inject all tampering subspaces at once, or one at a time and average'),
});
