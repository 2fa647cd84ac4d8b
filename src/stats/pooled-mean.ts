import { expected } from '../core/errors.ts';
import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, bootstrapOverSeeds } from './bootstrap.ts';
import { checkScored, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/** One seed's scores of one technique on its examples. */
export interface SeedScores {
  readonly scores: Scores;
  readonly positives: Positives;
}

type Statistic = (counts: Uint32Array) => number | undefined;

/**
 * Mean over seeds of a statistic of scored examples, with the interval of {@link bootstrapOverSeeds}. Undefined when
 * `reasonOf` gives a reason on some seed.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledMean(
  perSeed: readonly SeedScores[],
  reasonOf: (sample: ScoredExamples) => string | undefined,
  statisticOf: (sample: ScoredExamples) => Statistic,
  options: BootstrapOptions = {},
): Estimate {
  if (perSeed.length === 0) throw expected('no-seeds', 'perSeed', 'at least one seed', [], 'Give the scores of a seed');
  const samples = perSeed.map(({ scores, positives }) => checkScored(scores, positives));
  const reason = samples.map(reasonOf).find((found) => found !== undefined);
  if (reason !== undefined) return { undefined: reason };
  const groups = samples.map((sample) => {
    const statistic = statisticOf(sample);
    const statistics = (counts: Uint32Array) => {
      const value = statistic(counts);
      return value === undefined ? undefined : [value];
    };
    return { n: sample.n, statistics };
  });
  return bootstrapOverSeeds(groups, ([value]) => value as number, options);
}

export function noExamplesReason({ n }: ScoredExamples): string | undefined {
  return n === 0 ? 'there are no examples' : undefined;
}

/** Mean of the terms when example i counts `counts[i]` times. */
export function weightedMean(terms: Float64Array, counts: Uint32Array): number {
  return terms.reduce((sum, term, i) => sum + term * (counts[i] as number), 0) / terms.length;
}
