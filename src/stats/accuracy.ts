import type { Estimate } from '../core/estimates.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { noExamplesReason, pooledMean, type SeedScores, weightedMean } from './pooled-mean.ts';
import { checkScored, type Positives, type Scores } from './scored-examples.ts';
import { wilsonInterval } from './wilson.ts';

/**
 * Share of examples on the right side of log-odds 0: called positive when `logOdds` > 0 (methods.md 13), with Wilson's
 * interval. Undefined without examples.
 * @throws UserError when lengths differ or a log-odds is not finite.
 */
export function accuracy(logOdds: Scores, positives: Positives, options: LevelOptions = {}): Estimate {
  const level = resolveLevel(options);
  const { positive, n } = checkScored(logOdds, positives, 'logOdds');
  if (n === 0) return { undefined: 'there are no examples' };
  const correct = positive.reduce((sum, bit, i) => sum + Number((logOdds[i] as number) > 0 === (bit === 1)), 0);
  const [lower, upper] = wilsonInterval(correct, n, level);
  return { value: correct / n, lower, upper, level, n, method: 'wilson' };
}

/** Mean over seeds of the accuracy, with a percentile bootstrap over seeds, then examples. */
export function pooledAccuracy(perSeed: readonly SeedScores[], options: BootstrapOptions = {}): Estimate {
  return pooledMean(
    'accuracy',
    perSeed,
    noExamplesReason,
    ({ scores, positive }) => {
      const right = Float64Array.from(positive, (bit, i) => Number((scores[i] as number) > 0 === (bit === 1)));
      return (counts) => weightedMean(right, counts);
    },
    options,
  );
}
