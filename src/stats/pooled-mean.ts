import { expected } from '../core/errors.ts';
import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, bootstrapOverSeeds, type SeedGroup, type Statistic } from './bootstrap.ts';
import { checkScored, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/** One seed's scores of one technique on its examples. */
export interface SeedScores {
  readonly scores: Scores;
  readonly positives: Positives;
}

/**
 * Mean over seeds of a statistic of scored examples, with the interval of {@link bootstrapOverSeeds}. Undefined when
 * `reasonOf` gives a reason on some seed. `name` tells the statistic from others of the same scores.
 * @throws UserError when there is no seed, lengths differ or a score is not finite.
 */
export function pooledMean(
  name: string,
  perSeed: readonly SeedScores[],
  reasonOf: (sample: ScoredExamples) => string | undefined,
  statisticOf: (sample: ScoredExamples) => Statistic,
  options: BootstrapOptions = {},
): Estimate {
  if (perSeed.length === 0) throw expected('no-seeds', 'perSeed', 'at least one seed', [], 'Give the scores of a seed');
  const samples = perSeed.map(({ scores, positives }) => checkScored(scores, positives));
  const reason = samples.map(reasonOf).find((found) => found !== undefined);
  if (reason !== undefined) return { undefined: reason };
  const groups = samples.map((sample) => meanGroup(name, sample, statisticOf));
  return bootstrapOverSeeds(groups, ([value]) => value as number, options);
}

/** One seed's part of {@link pooledMean}. */
export function meanGroup(
  name: string,
  sample: ScoredExamples,
  statisticOf: (sample: ScoredExamples) => Statistic,
): SeedGroup {
  const { n, classes, scores } = sample;
  return { n, examples: classes, columns: [{ name, scores, prepare: () => statisticOf(sample) }] };
}

export function noExamplesReason({ n }: ScoredExamples): string | undefined {
  return n === 0 ? 'there are no examples' : undefined;
}

/** Mean of the terms when example i counts `counts[i]` times. */
export function weightedMean(terms: Float64Array, counts: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += (terms[i] as number) * (counts[i] as number);
  return sum / terms.length;
}
