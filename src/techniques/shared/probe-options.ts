import { z } from 'zod';

/** Hyperparameters of a linear probe; the layer and the L2 strength are chosen without any other target than its own. */
export interface ProbeOptions {
  /** Whose activations to probe, 0 = embedding; `chosen` tries layers 1 to the last. @default 'chosen' */
  readonly layer: 'chosen' | 'last' | number;
  /** L2 strengths to choose from, λ in mean BCE + λ‖w‖² on standardised activations. @default [1e-4, 1e-3, 1e-2, 1e-1] */
  readonly l2: readonly number[];
  /** Folds of the cross-validation that chooses. @default 3 */
  readonly folds: number;
  /** Most examples the choice may look at, since it costs layers × strengths × folds fits. @default 3000 */
  readonly choiceExamples: number;
}

/** Schema of {@link ProbeOptions}; unknown keys are refused. */
export const probeOptions = z.strictObject({
  layer: z
    .union([z.enum(['chosen', 'last']), z.int().min(0)])
    .default('chosen')
    .describe('Layer to probe, 0 = embedding; chosen = by cross-validated AUROC on the probe’s own target'),
  l2: z.array(z.number().positive()).min(1).default([1e-4, 1e-3, 1e-2, 1e-1]).describe('L2 strengths to choose from'),
  folds: z.int().min(2).default(3).describe('Folds of the cross-validation that chooses'),
  choiceExamples: z.int().min(20).default(3000).describe('Most examples the choice may look at'),
});
