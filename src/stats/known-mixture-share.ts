import { Matrix, solve } from 'ml-matrix';
import type { Estimate } from '../core/estimates.ts';
import { chiSquareTail } from './chi-square.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { meanVariance } from './mean-variance.ts';
import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';
import { checkFinite } from './scored-examples.ts';

/** Scores of a mixture and of samples of its two components, by a score that none of these examples trained. */
export interface KnownMixture {
  readonly mixture: Float64Array;
  /** Of the component whose share is 1 − π. */
  readonly first: Float64Array;
  /** Of the component whose share is π. */
  readonly second: Float64Array;
}

export interface KnownMixtureShare {
  readonly estimate: Estimate;
  /** Of "the mixture's scores are such a mixture", over bins of the score; undefined with too few examples for bins. */
  readonly fit: number | undefined;
}

/**
 * The share π of the second component in a mixture (1 − π)·first + π·second, by moments:
 * π = (E mixture − E first)/(E second − E first), which is Forman's adjusted count (2008) with a score for a count. The
 * interval inverts the test of E mixture = (1 − π)·E first + π·E second for every π in [0, 1] (Fieller 1954), so it is all
 * of [0, 1] where the components' means cannot be told apart. Undefined with fewer than five scores of a kind, and where
 * no share in [0, 1] fits.
 * @throws UserError when a score is not finite.
 */
export function knownMixtureShare(scores: KnownMixture, options: LevelOptions = {}): KnownMixtureShare {
  const level = resolveLevel(options);
  const samples = [scores.mixture, scores.first, scores.second] as const;
  for (const sample of samples) checkFinite(sample, 'scores');
  if (samples.some(({ length }) => length < least)) {
    return { estimate: { undefined: `fewer than ${least} scores of a kind` }, fit: undefined };
  }
  const [u, t, f] = samples.map(meanVariance) as [Moments, Moments, Moments];
  const z = normalQuantile((1 + level) / 2);
  const accepted = shares.filter((share) => {
    const gap = u.mean - (1 - share) * t.mean - share * f.mean;
    return gap ** 2 <= z ** 2 * (u.variance + (1 - share) ** 2 * t.variance + share ** 2 * f.variance);
  });
  if (accepted.length === 0) {
    return { estimate: { undefined: 'no share from 0 to 1 explains the mean score of the mixture' }, fit: 0 };
  }
  const lower = accepted[0] as number;
  const upper = accepted.at(-1) as number;
  const spread = f.mean - t.mean;
  const raw = spread === 0 ? lower : (u.mean - t.mean) / spread;
  const value = Math.min(upper, Math.max(lower, raw));
  const n = u.n + t.n + f.n;
  return { estimate: { value, lower, upper, level, n, method: 'fieller' }, fit: fitOf(scores, value) };
}

type Moments = ReturnType<typeof meanVariance>;
const least = 5;
const shares = Array.from({ length: 401 }, (_, i) => i / 400);

/** Pearson's distance of the mixture's histogram from the mixed histograms, all three taken as random. */
function fitOf({ mixture, first, second }: KnownMixture, share: number): number | undefined {
  const bins = Math.min(6, Math.floor(Math.min(mixture.length, first.length, second.length) / 10));
  if (bins < 3) return undefined;
  const all = Float64Array.from([...first, ...second]);
  const cuts = Array.from({ length: bins - 1 }, (_, i) => quantile(all, (i + 1) / bins));
  const parts = [mixture, first, second].map((scores) => histogramOf(scores, cuts));
  const weights = [1, share - 1, -share];
  const size = bins - 1;
  const gaps = Array.from({ length: size }, (_, b) => weights.reduce((sum, w, k) => sum + w * at(parts, k, b), 0));
  const covariance = Matrix.zeros(size, size);
  const sizes = [mixture, first, second].map(({ length }) => length);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const terms = weights.map((w, k) => {
        const own = at(parts, k, a) * (Number(a === b) - at(parts, k, b));
        return (w * w * own) / (sizes[k] as number);
      });
      covariance.set(a, b, terms.reduce((sum, term) => sum + term, 0) + Number(a === b) * 1e-9);
    }
  }
  const solved = solve(covariance, Matrix.columnVector(gaps)).to1DArray();
  const distance = gaps.reduce((sum, gap, i) => sum + gap * (solved[i] as number), 0);
  return chiSquareTail(distance, size - 1);
}

function at(parts: readonly (readonly number[])[], part: number, bin: number): number {
  return parts[part]?.[bin] as number;
}

/** Shares of scores between the cuts. */
function histogramOf(scores: Float64Array, cuts: readonly number[]): readonly number[] {
  const counts = new Array<number>(cuts.length + 1).fill(0);
  for (const score of scores) (counts[cuts.filter((cut) => score >= cut).length] as number)++;
  return counts.map((count) => count / scores.length);
}
