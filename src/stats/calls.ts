import { quantile } from './quantile.ts';
import { checkFinite, type Scores } from './scored-examples.ts';

/** Calls of scores at a threshold: 1 (positive) strictly above it, else 0; with `ties` one half exactly at it. (n) */
export function callsAbove(scores: Scores, threshold: number, ties: 'negative' | 'half' = 'negative'): Float64Array {
  checkFinite(scores, 'scores');
  return Float64Array.from(scores, (score) => {
    if (score > threshold) return 1;
    return score === threshold && ties === 'half' ? 0.5 : 0;
  });
}

/**
 * The threshold of calibrated accuracy (methods.md 13): the (1 − base rate)-quantile of the scores, so that about the
 * base rate's share of them is called positive; for scores that are no log-odds. Needs at least one score.
 * @throws UserError when the base rate is outside [0, 1].
 */
export function baseRateThreshold(scores: Scores, baseRate: number): number {
  return quantile(scores, 1 - baseRate);
}

/** How far two sets of calls, or calls and classes, agree on each example: 1 − |a − b|. (n) */
export function agreement(a: Scores, b: ArrayLike<number | boolean>): Float64Array {
  return Float64Array.from(a, (call, i) => 1 - Math.abs(call - Number(b[i])));
}
