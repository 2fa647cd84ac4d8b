import type { Estimate } from '../core/estimates.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';
import { checkFinite } from './scored-examples.ts';

export interface IrreducibleMixture {
  /** Scores of the mixture (1 − π)·known + π·unknown; higher = more like the known component. */
  readonly mixture: Float64Array;
  readonly known: Float64Array;
  /** Scores of a stand-in for the unknown component: how far that reaches up is judged by this one. */
  readonly standIn?: Float64Array;
}

/**
 * The share π of an unknown component in (1 − π)·known + π·unknown. For every set A of scores 1 − π ≤ mixture(A)/known(A),
 * with equality where the unknown component has no mass (Blanchard, Lee and Scott 2010). A runs over the top 5, 10, 20 …
 * 75 % of the known component's scores, those with ten known examples or more; the value is that of the cut whose ratio
 * has the smallest upper bound, as in best bin estimation (Garg et al. 2021, arXiv:2111.00980). Both ends hold for all cuts
 * at once (Bonferroni); with a stand-in the upper end rests on two bounds, so at worst it fails twice as often.
 * - The lower end needs no more than a true sample of the known component.
 * - The upper end needs in addition that the unknown one has no mass in the cut of the lowest ratio (irreducibility), or,
 *   with a stand-in, that unknown(A)/known(A) is in each cut at most the upper bound ρ of standIn(A)/known(A): then
 *   π ≤ (1 − mixture(A)/known(A))/(1 − ρ). It is 1 where the stand-in is in no cut rare enough.
 *
 * Undefined with fewer than twenty known scores or ten others, and where every ratio is above 1.
 * @throws UserError when a score is not finite.
 */
export function irreducibleMixtureShare(scores: IrreducibleMixture, options: LevelOptions = {}): Estimate {
  const level = resolveLevel(options);
  const { mixture, known, standIn } = scores;
  checkFinite(mixture, 'mixture');
  checkFinite(known, 'known');
  if (known.length < 2 * leastAbove || mixture.length < leastAbove) {
    return { undefined: `fewer than ${2 * leastAbove} scores of the known component or ${leastAbove} of the mixture` };
  }
  const tops = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75].filter((top) => top * known.length >= leastAbove);
  const z = normalQuantile(1 - (1 - level) / 2 / tops.length);
  const ratios = tops.map((top) => ratioAt(quantile(known, 1 - top), mixture, known, z));
  if (ratios.every((ratio) => ratio.lower > 1)) {
    return { undefined: 'the mixture has more scores in every cut than its known component, so it is no such mixture' };
  }
  const best = ratios.reduce((a, b) => (b.upper < a.upper ? b : a));
  const lower = inUnit(1 - best.upper);
  const value = Math.max(lower, inUnit(1 - best.ratio));
  const highest = standIn
    ? Math.min(...ratios.map((ratio) => boundBy(ratio, ratioAt(ratio.cut, standIn, known, z).upper)))
    : Math.max(...ratios.map((ratio) => inUnit(1 - ratio.lower)));
  const n = mixture.length + known.length;
  return { value, lower, upper: Math.max(value, highest), level, n, method: 'best-cut-bonferroni' };
}

/** Known examples above a cut, for its ratio to be near normal on the log scale. */
const leastAbove = 10;

interface Ratio {
  readonly cut: number;
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

/** A(mixture)/A(known) for scores from the cut up, with bounds on the logarithm (delta method, ½ added to counts). */
function ratioAt(cut: number, mixture: Float64Array, known: Float64Array, z: number): Ratio {
  const [inMixture, inKnown] = [massAbove(mixture, cut), massAbove(known, cut)];
  const ratio = inMixture.share / inKnown.share;
  const half = z * Math.sqrt(inMixture.relativeVariance + inKnown.relativeVariance);
  return { cut, ratio, lower: ratio * Math.exp(-half), upper: ratio * Math.exp(half) };
}

function boundBy({ lower }: Ratio, reach: number): number {
  return reach < 0.9 ? inUnit((1 - lower) / (1 - reach)) : 1;
}

function inUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function massAbove(scores: Float64Array, cut: number) {
  const count = scores.reduce((sum, score) => sum + Number(score >= cut), 0.5);
  const mass = count / (scores.length + 0.5);
  return { share: mass, relativeVariance: (1 - mass) / count };
}
