import { createRng } from '../core/random.ts';
import type { Arrays } from '../graph/optimizer.ts';
import { membersOf } from './batching.ts';
import type { TrainingConfig } from './config.ts';

/** The best weights so far and how long ago they were. */
export interface BestSoFar {
  /** Lowest validation loss. */
  readonly loss: number;
  /** Steps taken when it was measured. */
  readonly step: number;
  /** Validations since. */
  readonly since: number;
  /** The trained weights then. */
  readonly weights: Arrays;
}

/**
 * Rows to train on and rows to validate on, in order; without early stopping all are trained on. Of `together`
 * consecutive rows all are on one side.
 */
export function splitRows(
  count: number,
  earlyStopping: TrainingConfig['earlyStopping'],
  seed: number,
  together = 1,
): { readonly train: readonly number[]; readonly validation: readonly number[] } {
  const rows = Array.from({ length: count }, (_, row) => row);
  const groups = rows.slice(0, count / together);
  const kept = earlyStopping ? Math.round(groups.length * earlyStopping.validation) : 0;
  if (kept === 0) return { train: rows, validation: [] };
  const drawn = createRng(seed, 'validation').sample(groups, kept);
  const validation = new Set(drawn.flatMap((group) => membersOf(group, together)));
  return { train: rows.filter((row) => !validation.has(row)), validation: [...validation].sort((a, b) => a - b) };
}

/** The best so far after another validation; a loss that is not finite never is the best. */
export function compareWithBest(
  best: BestSoFar | undefined,
  loss: number,
  step: number,
  weights: () => Arrays,
): BestSoFar {
  if (best && !(loss < best.loss)) return { ...best, since: best.since + 1 };
  return { loss: Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss, step, since: 0, weights: weights() };
}
