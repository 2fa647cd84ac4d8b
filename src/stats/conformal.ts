import { expected } from '../core/errors.ts';
import type { Scores } from './scored-examples.ts';

/**
 * Split-conformal p-values of "as high as calibration scores are": p(s) = (1 + #{calibration scores ≤ s}) / (n + 1), in
 * [1 / (n + 1), 1]. For a score that is exchangeable with the calibration scores P(p ≤ α) ≤ α for every α, whatever the
 * distribution; ties count against an alarm (Vovk, Gammerman and Shafer 2005; Bates et al. 2023, arXiv 2104.08279).
 * @param calibration (n) scores of examples known to be normal, in any order; none give p = 1
 * @param scores (m) low = suspicious
 * @throws UserError when a score is not finite.
 */
export function conformalPValues(calibration: Scores, scores: Scores): Float64Array {
  const sorted = sortedScores(calibration, 'calibration');
  return checkedScores(scores, 'scores').map((score) => (1 + countAtMost(sorted, score)) / (sorted.length + 1));
}

/** How many of the ascending values are at most `bound`. */
export function countAtMost(ascending: Float64Array, bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortedScores(scores: Scores, name: string): Float64Array {
  return checkedScores(scores, name).sort();
}

/** A copy of the scores. @throws UserError when one is not finite. */
export function checkedScores(scores: Scores, name: string): Float64Array {
  const wrong = Array.prototype.findIndex.call(scores, (score: number) => !Number.isFinite(score));
  if (wrong < 0) return Float64Array.from(scores);
  throw expected('score', `${name}[${wrong}]`, 'finite', String(scores[wrong]), 'Look at what computed it');
}
