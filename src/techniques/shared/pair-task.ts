import type { Technique, TrainingView } from '../../core/techniques.ts';
import { requireNeeds } from '../needs.ts';
import { type BinaryTask, requireCount } from './binary-task.ts';
import { outcomeOf } from './outcome-of.ts';
import { countWordings } from './pair-activations.ts';
import { trustedTask } from './trusted-task.ts';

/** Examples with a contrast pair each; the targets say of which pairs the positive candidate is the better one. */
export type PairTask = Pick<BinaryTask, 'technique' | 'examples' | 'targets'>;

/**
 * Refuses a view that lacks what a technique on contrast pairs declares.
 *
 * @throws UserError `contrast-pairs`, naming the first example without where others have pairs; `missing-structure`.
 */
export function requirePairs({ id, needs }: Pick<Technique, 'id' | 'needs'>, view: TrainingView): void {
  if (view.examples.some(({ pairs }) => pairs?.length)) countWordings(id, view.examples, 1);
  requireNeeds({ id, needs }, view);
}

/**
 * The source distribution: trusted examples, whose aggregate measurement says which candidate is the better one.
 *
 * @throws UserError as {@link requirePairs}, `too-few-examples` when fewer than `least` have measurements.
 */
export function sourcePairs(technique: Pick<Technique, 'id' | 'needs'>, view: TrainingView, least = 1): PairTask {
  requirePairs(technique, view);
  const { examples, targets } = trustedTask(technique.id, view);
  requireCount(technique.id, 'trusted examples with a measurement', examples.length, least);
  return { technique: technique.id, examples, targets };
}

/**
 * The reference distribution with its hidden outcomes: untrusted examples, or all where every one is trusted because source
 * and reference are the same.
 *
 * @throws UserError as {@link requirePairs}, `missing-ground-truth`.
 */
export function referencePairs(technique: Pick<Technique, 'id' | 'needs'>, view: TrainingView): PairTask {
  requirePairs(technique, view);
  const untrusted = view.examples.filter(({ trusted }) => !trusted);
  const examples = untrusted.length > 0 ? untrusted : view.examples;
  return { technique: technique.id, examples, targets: examples.map(({ id }) => outcomeOf(view, id)) };
}
