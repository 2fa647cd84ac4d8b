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
  type Statistic,
} from './bootstrap.ts';
import { allEqualInterval } from './level.ts';
import type { SeedScores } from './pooled-mean.ts';
import { aurocOfCounts, rankScores, ranksAlike } from './ranking.ts';
import { checkScored, oneClassReason, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/** One seed's scores of two techniques on the same examples. */
export interface SeedScorePair {
  readonly a: Scores;
  readonly b: Scores;
  readonly positives: Positives;
}

/**
 * Mean over seeds of the AUROC, with a percentile bootstrap over seeds, then examples (see
 * {@link bootstrapOverSeeds} for what it can and cannot show); n counts the examples of all seeds. Where every seed is
 * perfectly separated, the interval is the `rule-of-three` over disjoint pairs, as in `auroc`. Undefined when a seed has one class only.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledAuroc(perSeed: readonly SeedScores[], options: BootstrapOptions = {}): Estimate {
  const samples = perSeed.map(({ scores, positives }) => [checkScored(scores, positives)]);
  const reason = seedReason(samples);
  if (reason !== undefined) return { undefined: reason };
  const estimate = bootstrapOverSeeds(samples.map(aurocGroup), ([value]) => value as number, options);
  if ('undefined' in estimate || (estimate.value > 0 && estimate.value < 1)) return estimate;
  const [lower, upper] = allEqualInterval(estimate.value, disjointPairs(samples), estimate.level);
  return { ...estimate, lower, upper, method: 'rule-of-three' };
}

/**
 * Mean over seeds of AUROC(a) − AUROC(b), paired on examples and seeds, with the bootstrap of {@link pooledAuroc}. The
 * p-value is the bootstrap's: twice the smaller share of resamples on one side of zero, each share (1 + count)/(1 +
 * resamples), so it is never below 2/(1 + resamples). Where no resample differs (perfect separation) the interval comes from the
 * rule of three for a and b together and there is no p-value, unless a and b rank all examples alike.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledAurocDifference(perSeed: readonly SeedScorePair[], options: BootstrapOptions = {}): Comparison {
  const samples = perSeed.map(({ a, b, positives }) => [
    checkScored(a, positives, 'a'),
    checkScored(b, positives, 'b'),
  ]);
  const reason = seedReason(samples);
  const resampled = reason === undefined ? resample(samples.map(aurocGroup), options) : { undefined: reason };
  if ('undefined' in resampled) return { estimate: resampled, pValue: undefined };
  const differences = resampled.replicates.map(firstMinusSecond);
  const { level, n, method, observed } = resampled;
  const [lower, upper] = percentileInterval(differences, level);
  const value = firstMinusSecond(observed);
  if (lower < upper || samples.every(([a, b]) => ranksAlike(a.scores, b.scores))) {
    return { estimate: { value, lower, upper, level, n, method }, pValue: bootstrapP(differences) };
  }
  const [, reach] = allEqualInterval(0, disjointPairs(samples), (1 + level) / 2);
  const bounds = { lower: Math.max(-1, value - reach), upper: Math.min(1, value + reach) };
  return { estimate: { value, ...bounds, level, n, method: 'rule-of-three' }, pValue: undefined };
}

/** Several AUROCs of one seed whose examples are the same, but where some are absent from some: `rows` picks each one's. */
export interface SeedAurocs {
  readonly n: number;
  readonly cases: readonly (SeedScores & { readonly rows: readonly number[] })[];
}

/**
 * Mean over seeds of the mean of several AUROCs, e.g. of a predictor's measurements, with a percentile bootstrap over
 * seeds, then examples, that keeps an example's cases together. Undefined when a case has one class only.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledMeanAuroc(perSeed: readonly SeedAurocs[], options: BootstrapOptions = {}): Estimate {
  const samples = perSeed.map(({ cases }) => cases.map(({ scores, positives }) => checkScored(scores, positives)));
  const reason =
    seedReason(samples) ??
    samples
      .flat()
      .map(oneClassReason)
      .find((found) => found !== undefined);
  if (reason !== undefined) return { undefined: reason };
  const groups = perSeed.map(({ n, cases }, i) => {
    const prepare = () => {
      const statisticsOf = (samples[i] as ScoredExamples[]).map((sample, k) => {
        const statistic = aurocStatistic(sample);
        const { rows } = cases[k] as (typeof cases)[number];
        return (counts: Uint32Array) => statistic(Uint32Array.from(rows, (row) => counts[row] as number));
      });
      // A case that lacks a class leaves the mean undefined.
      return (counts: Uint32Array) =>
        statisticsOf.reduce((sum, statistic) => sum + (statistic(counts) ?? Number.NaN), 0) / statisticsOf.length;
    };
    return { n, columns: [{ prepare }] };
  });
  return bootstrapOverSeeds(groups, ([value]) => value as number, options);
}

/** The AUROCs of several scores on the same examples of one seed, for the bootstrap. Needs equal classes in all samples. */
export function aurocGroup(samples: readonly ScoredExamples[]): SeedGroup {
  const { n, classes } = samples[0] as ScoredExamples;
  const columns = samples.map((sample) => {
    return { name: 'auroc', scores: sample.scores, prepare: () => aurocStatistic(sample) };
  });
  return { n, examples: classes, columns };
}

function aurocStatistic({ scores, positive }: ScoredExamples): Statistic {
  const ranking = rankScores(scores);
  return (counts) => aurocOfCounts(ranking, positive, counts);
}

/** Why a mean over seeds cannot be computed, if so. */
export function seedReason(samples: readonly (readonly ScoredExamples[])[]): string | undefined {
  if (samples.length === 0) throw expected('no-seeds', 'perSeed', 'at least one seed', [], 'Give the scores of a seed');
  return samples.map(([sample]) => oneClassReason(sample as ScoredExamples)).find((reason) => reason !== undefined);
}

/** Pairs of one positive and one negative that share no example, as many from each seed as from the poorest. */
function disjointPairs(samples: readonly (readonly ScoredExamples[])[]): number {
  const perSeed = samples.map(([sample]) => Math.min(sample?.positives ?? 0, sample?.negatives ?? 0));
  return samples.length * Math.min(...perSeed);
}
