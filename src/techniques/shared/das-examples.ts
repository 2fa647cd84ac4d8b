import { aggregateMeasurement, isInconsistent, type SupervisedExample } from '../../core/examples.ts';
import type { Rng } from '../../core/random.ts';
import type { TrainingView } from '../../core/techniques.ts';
import { requireBothClasses } from './binary-task.ts';
import { explain } from './das-causal-model.ts';
import type { DasOptions } from './das-options.ts';
import { hasAggregate } from './doubtful-positives.ts';

/** Training examples that subspaces are learned from and that scores inject. */
export interface DasExamples {
  readonly learned: readonly SupervisedExample[];
  readonly injected: readonly SupervisedExample[];
  /** Examples of the view that no outcome and tampering can explain: trusted and inconsistent. */
  readonly unexplained: number;
}

/**
 * Draws examples, as evenly as their numbers allow from each kind that supervision can tell: trusted or not; positive, negative
 * or inconsistent. Real and fake positives are one kind here. Most of what tells tampering from outcome is in the few
 * inconsistent ones.
 *
 * @throws UserError `too-few-examples` without a usable trusted or untrusted example, or one to inject.
 */
export function chooseDasExamples(
  technique: string,
  { examples }: TrainingView,
  options: Pick<DasOptions, 'examples' | 'inject' | 'injected'>,
  rng: Rng,
): DasExamples {
  const measured = examples.filter(hasAggregate);
  const explained = measured.filter((example) => explain(example).some(Boolean));
  requireBothClasses({
    technique,
    targets: explained.map(({ trusted }) => trusted),
    positives: 'trusted examples whose measurements agree',
    negatives: 'untrusted examples with a measurement',
  });
  const trusted = explained.filter((example) => example.trusted);
  if (options.inject === 'trusted-negative') requireNegatives(technique, trusted);
  const pool = options.inject === 'trusted' ? trusted : trusted.filter((example) => !aggregateMeasurement(example));
  return {
    learned: sampleEvenly(explained, kindOf, options.examples, rng),
    injected: sampleEvenly(pool, kindOf, options.injected, rng),
    unexplained: measured.length - explained.length,
  };
}

function requireNegatives(technique: string, trusted: readonly SupervisedExample[]): void {
  requireBothClasses({
    technique,
    targets: trusted.map(aggregateMeasurement),
    positives: 'trusted examples with every measurement positive',
    negatives: 'trusted examples with negative measurements',
  });
}

function kindOf(example: SupervisedExample): string {
  const result = isInconsistent(example) ? 'inconsistent' : aggregateMeasurement(example) ? 'positive' : 'negative';
  return `${example.trusted ? 'trusted' : 'untrusted'}-${result}`;
}

/** At most `most` items in random order, equally many of each kind; what a small kind lacks is made up by the larger ones. */
function sampleEvenly<T>(items: readonly T[], kind: (item: T) => string, most: number, rng: Rng): readonly T[] {
  const kinds = new Map<string, T[]>();
  for (const item of items) {
    const group = kinds.get(kind(item));
    if (group) group.push(item);
    else kinds.set(kind(item), [item]);
  }
  const sizes = [...kinds.values()].sort((a, b) => a.length - b.length);
  let left = most;
  const drawn = sizes.flatMap((group, index) => {
    const count = Math.min(group.length, Math.ceil(left / (sizes.length - index)));
    left -= count;
    return rng.sample(group, count);
  });
  return rng.shuffle(drawn);
}
