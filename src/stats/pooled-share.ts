import { expected } from '../core/errors.ts';
import type { Estimate } from '../core/estimates.ts';
import type { Comparison } from './auroc.ts';
import {
  type BootstrapOptions,
  bootstrapOverSeeds,
  bootstrapP,
  firstMinusSecond,
  percentileInterval,
  resample,
  type SeedGroup,
} from './bootstrap.ts';
import { allEqualInterval } from './level.ts';
import { weightedMean } from './pooled-mean.ts';
import { checkTerms } from './share.ts';

/** The terms of several shares of one seed's examples, each (n), see `share`. */
export interface SeedShares {
  readonly terms: readonly Float64Array[];
  /** The examples, by which a cache knows them again. */
  readonly examples: object;
}

/**
 * Mean over seeds of a share (the first of each seed's terms), with a percentile bootstrap over seeds, then examples;
 * where no resample differs, `rule-of-three`. Undefined when a seed has no examples.
 * @throws UserError when there is no seed or a term is outside [0, 1].
 */
export function pooledShare(perSeed: readonly SeedShares[], options: BootstrapOptions = {}): Estimate {
  const reason = sharesReason(perSeed);
  if (reason !== undefined) return { undefined: reason };
  const estimate = bootstrapOverSeeds(perSeed.map(shareGroup), ([value]) => value as number, options);
  if ('undefined' in estimate || estimate.lower < estimate.upper) return estimate;
  const [lower, upper] = allEqualInterval(estimate.value, estimate.n, estimate.level);
  return { ...estimate, lower, upper, method: 'rule-of-three' };
}

/**
 * Mean over seeds of the first share minus the second, paired on examples and seeds, with the bootstrap of
 * {@link pooledShare} and its p-value as in `pooledAurocDifference`. Where no example differs the interval is the rule
 * of three's and p is 1.
 * @throws UserError when there is no seed, lengths differ or a term is outside [0, 1].
 */
export function pooledShareDifference(perSeed: readonly SeedShares[], options: BootstrapOptions = {}): Comparison {
  const reason = sharesReason(perSeed);
  const resampled = reason === undefined ? resample(perSeed.map(shareGroup), options) : { undefined: reason };
  if ('undefined' in resampled) return { estimate: resampled, pValue: undefined };
  const { observed, replicates, level, n, method } = resampled;
  const differences = replicates.map(firstMinusSecond);
  const value = firstMinusSecond(observed);
  const [lower, upper] = percentileInterval(differences, level);
  if (lower < upper) return { estimate: { value, lower, upper, level, n, method }, pValue: bootstrapP(differences) };
  const [, reach] = allEqualInterval(0, n, level);
  const bounds = { lower: Math.max(-1, value - reach), upper: Math.min(1, value + reach) };
  const pValue = value === 0 ? 1 : undefined;
  return { estimate: { value, ...bounds, level, n, method: 'rule-of-three' }, pValue };
}

/** The shares of one seed as columns for the bootstrap. */
export function shareGroup({ terms, examples }: SeedShares): SeedGroup {
  const columns = terms.map((scores) => ({
    name: 'share',
    scores,
    prepare: () => (counts: Uint32Array) => weightedMean(scores, counts),
  }));
  return { n: (terms[0] as Float64Array).length, examples, columns };
}

/** Why a mean of shares over seeds cannot be computed, if so. */
export function sharesReason(perSeed: readonly SeedShares[]): string | undefined {
  if (perSeed.length === 0) throw expected('no-seeds', 'perSeed', 'at least one seed', [], 'Give the terms of a seed');
  for (const { terms } of perSeed) for (const one of terms) checkTerms(one, terms[0]?.length);
  return perSeed.some(({ terms }) => terms[0]?.length === 0) ? 'there are no examples' : undefined;
}
