import { logOdds } from './log-odds.ts';
import { sigmoid } from './sigmoid.ts';

/**
 * Weak labels of a batch without their lean to one class: p ← σ(logit p − mean logit p), with p clamped to
 * [1e-7, 1 − 1e-7] before (methods.md 4.3, `balance_batch`). What comes out is for a prior of 1/2.
 */
export function balanceLabels(labels: ArrayLike<number>): Float64Array {
  const odds = Float64Array.from(labels, logOdds);
  const mean = odds.reduce((sum, z) => sum + z, 0) / odds.length;
  return odds.map((z) => sigmoid(z - mean));
}
