import { z } from 'zod';

/** How INLP erases, see `fitInlp`. */
export interface InlpProbeOptions {
  /** Most directions to remove. @default 32 */
  readonly directions: number;
  /** Penalty of the regressions that find them, λ in mean BCE + λ‖w‖² on standardised activations. @default 1e-3 */
  readonly eraserL2: number;
  /** Stop when a regression's loss is at least 1 − this of the entropy of the labels. @default 0.01 */
  readonly tolerance: number;
  /** Most examples to find them on, drawn at random: each takes a fit. @default 20000 */
  readonly eraserExamples: number;
}

/** Schema of {@link InlpProbeOptions}. */
export const inlpOptions = z.strictObject({
  directions: z.int().min(1).default(32).describe('Most directions to remove'),
  eraserL2: z.number().positive().default(1e-3).describe('Penalty of the regressions that find them'),
  tolerance: z
    .number()
    .min(0)
    .lt(1)
    .default(0.01)
    .describe('Stop when a regression’s loss is at least 1 − this of the entropy of the labels'),
  eraserExamples: z.int().min(20).default(20_000).describe('Most examples to find them on'),
});
