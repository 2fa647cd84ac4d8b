import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, type Resampled, resample, type SeedGroup } from './bootstrap.ts';

import { aurocGroup, seedReason } from './pooled-auroc.ts';
import { shareGroup, sharesReason } from './pooled-share.ts';
import { sortedQuantile } from './quantile.ts';
import { checkScored, type Positives, type Scores } from './scored-examples.ts';

/** Scores of the three parties on the same examples. */
export interface GapScores {
  readonly student: Scores;
  readonly floor: Scores;
  readonly ceiling: Scores;
}

/** One seed's scores of the three parties. */
export interface SeedGapScores extends GapScores {
  readonly positives: Positives;
}

/**
 * Performance gap recovered on AUROC: (student − floor)/(ceiling − floor) (methods.md 3.2; floor and ceiling as in
 * design.md section 1). Paired percentile bootstrap over examples. Undefined, with the gap and its interval as the
 * reason, unless the gap's interval is wholly above zero (methods.md 13). The few resamples whose gap is not above zero
 * count as −∞ for the lower end and +∞ for the upper, so a shaky gap widens the interval.
 * @throws UserError when lengths differ or a score is not finite.
 */
export function performanceGapRecovered(
  scores: GapScores,
  positives: Positives,
  options: BootstrapOptions = {},
): Estimate {
  return pooledPerformanceGapRecovered([{ ...scores, positives }], options);
}

/**
 * {@link performanceGapRecovered} of AUROCs averaged over seeds first, as Burns et al. do (methods.md 3.2), with a
 * bootstrap over seeds, then examples.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledPerformanceGapRecovered(
  perSeed: readonly SeedGapScores[],
  options: BootstrapOptions = {},
): Estimate {
  const samples = perSeed.map((scores) => parties.map((party) => checkScored(scores[party], scores.positives, party)));
  const reason = seedReason(samples);
  if (reason !== undefined) return { undefined: reason };
  return gapRecovered(samples.map(aurocGroup), options);
}

/** The terms of the three parties' shares on one seed's examples, e.g. 1 where its call is right. */
export interface SeedGapTerms {
  readonly student: Float64Array;
  readonly floor: Float64Array;
  readonly ceiling: Float64Array;
  /** The examples, by which a cache knows them again. */
  readonly examples: object;
}

/**
 * The same on accuracy, as openai/weak-to-strong (methods.md 3.2), or on any other share: means over seeds first, then
 * (student − floor)/(ceiling − floor), with the interval and the refusals of {@link performanceGapRecovered}.
 * @throws UserError when there is no seed, lengths differ or a term is outside [0, 1].
 */
export function shareGapRecovered(perSeed: readonly SeedGapTerms[], options: BootstrapOptions = {}): Estimate {
  const groups = perSeed.map((seed) => ({ terms: parties.map((party) => seed[party]), examples: seed.examples }));
  const reason = sharesReason(groups);
  return reason === undefined ? gapRecovered(groups.map(shareGroup), options) : { undefined: reason };
}

/** Columns are student, floor and ceiling. */
function gapRecovered(groups: readonly SeedGroup[], options: BootstrapOptions): Estimate {
  const resampled = resample(groups, options);
  return 'undefined' in resampled ? resampled : withGapChecked(resampled);
}

const parties = ['student', 'floor', 'ceiling'] as const;

function withGapChecked({ observed, replicates, level, n, method }: Resampled): Estimate {
  const gaps = Float64Array.from(replicates, gapOf).sort();
  const tail = (1 - level) / 2;
  // The order statistic below the quantile, so that the interpolated ends below never touch an infinite value.
  if (!((gaps[Math.floor(tail * (gaps.length - 1))] as number) > 0 && gapOf(observed) > 0)) {
    return { undefined: gapReason(gapOf(observed), sortedQuantile(gaps, tail), sortedQuantile(gaps, 1 - tail)) };
  }
  const end = (unknown: number, p: number) => {
    const ratios = Float64Array.from(replicates, (means) => (gapOf(means) > 0 ? ratioOf(means) : unknown));
    return sortedQuantile(ratios.sort(), p);
  };
  const [lower, upper] = [end(Number.NEGATIVE_INFINITY, tail), end(Number.POSITIVE_INFINITY, 1 - tail)];
  return { value: ratioOf(observed), lower, upper, level, n, method };
}

function gapReason(gap: number, lower: number, upper: number): string {
  const [value, low, high] = [gap, lower, upper].map((number) => number.toFixed(3));
  return `gap (ceiling − floor) is not above zero with confidence: ${value} [${low}, ${high}]`;
}

function gapOf([, floor, ceiling]: readonly number[]): number {
  return (ceiling as number) - (floor as number);
}

function ratioOf(means: readonly number[]): number {
  const [student, floor] = means as readonly [number, number, number];
  return (student - floor) / gapOf(means);
}
