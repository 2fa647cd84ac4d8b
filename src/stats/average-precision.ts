import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, bootstrapOverSeeds, type Statistic } from './bootstrap.ts';
import { allEqualInterval } from './level.ts';
import { meanGroup, pooledMean, type SeedScores } from './pooled-mean.ts';
import { eachGroupDescending, type Ranking, rankScores } from './ranking.ts';
import { checkScored, oneClassReason, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/**
 * Average precision Σ (R_i − R_{i−1}) P_i over the distinct scores from the highest down (methods.md 13; no
 * interpolation, ties merged, as scikit-learn), with a percentile bootstrap over examples. At perfect separation, where
 * no resample differs, the lower end is the rule of three's for the smaller class (approximate). Undefined with one class.
 * @throws UserError when lengths differ or a score is not finite.
 */
export function averagePrecision(scores: Scores, positives: Positives, options: BootstrapOptions = {}): Estimate {
  const sample = checkScored(scores, positives);
  const reason = oneClassReason(sample);
  if (reason !== undefined) return { undefined: reason };
  const estimate = bootstrapOverSeeds([meanGroup(name, sample, statisticOf)], ([value]) => value as number, options);
  if ('undefined' in estimate || estimate.value < 1) return estimate;
  const [lower, upper] = allEqualInterval(1, Math.min(sample.positives, sample.negatives), estimate.level);
  return { ...estimate, lower, upper, method: 'rule-of-three' };
}

/** Mean over seeds of the average precision, with a percentile bootstrap over seeds, then examples. */
export function pooledAveragePrecision(perSeed: readonly SeedScores[], options: BootstrapOptions = {}): Estimate {
  return pooledMean(name, perSeed, oneClassReason, statisticOf, options);
}

const name = 'average-precision';

function statisticOf({ scores, positive }: ScoredExamples): Statistic {
  const ranking = rankScores(scores);
  return (counts) => averagePrecisionOf(ranking, positive, counts);
}

function averagePrecisionOf(ranking: Ranking, positive: Uint8Array, counts: Uint32Array): number | undefined {
  let truePositives = 0;
  let called = 0;
  let area = 0;
  eachGroupDescending(ranking, positive, counts, (positives, negatives) => {
    truePositives += positives;
    called += positives + negatives;
    if (positives > 0) area += (positives * truePositives) / called;
  });
  return truePositives === 0 || truePositives === called ? undefined : area / truePositives;
}
