import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, bootstrapOverSeeds, type Statistic } from './bootstrap.ts';
import { allEqualInterval } from './level.ts';
import { meanGroup, noExamplesReason, pooledMean, type SeedScores, weightedMean } from './pooled-mean.ts';
import { checkScored, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/**
 * Brier score: the mean of (p − y)² with p = 1/(1 + e^{−log-odds}) and y = 1 for positives; 0 is best, 0.25 is p = ½
 * throughout. Percentile bootstrap over examples; where all terms are equal, `rule-of-three`. Undefined without examples.
 * @throws UserError when lengths differ or a log-odds is not finite.
 */
export function brier(logOdds: Scores, positives: Positives, options: BootstrapOptions = {}): Estimate {
  const sample = checkScored(logOdds, positives, 'logOdds');
  const { positive, n } = sample;
  if (n === 0) return { undefined: 'there are no examples' };
  const terms = squaredErrors(logOdds, positive);
  const estimate = bootstrapOverSeeds([meanGroup('brier', sample, statisticOf)], ([value]) => value as number, options);
  if ('undefined' in estimate || terms.some((term) => term !== terms[0])) return estimate;
  const [lower, upper] = allEqualInterval(estimate.value, n, estimate.level);
  return { ...estimate, lower, upper, method: 'rule-of-three' };
}

/** Mean over seeds of the Brier score, with a percentile bootstrap over seeds, then examples. */
export function pooledBrier(perSeed: readonly SeedScores[], options: BootstrapOptions = {}): Estimate {
  return pooledMean('brier', perSeed, noExamplesReason, statisticOf, options);
}

function statisticOf({ scores, positive }: ScoredExamples): Statistic {
  const terms = squaredErrors(scores, positive);
  return (counts) => weightedMean(terms, counts);
}

function squaredErrors(logOdds: Scores, positive: Uint8Array): Float64Array {
  return Float64Array.from(positive, (y, i) => (1 / (1 + Math.exp(-(logOdds[i] as number))) - y) ** 2);
}
