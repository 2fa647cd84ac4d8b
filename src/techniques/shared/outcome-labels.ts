import type { SupervisedExample } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import { requireBothClasses } from './binary-task.ts';
import { outcomeOf } from './outcome-of.ts';
import type { WeakTask } from './weak-task.ts';

/**
 * Ground truth in the place of weak labels, for techniques that declare `needs.groundTruth`.
 *
 * @throws UserError `too-few-examples` when all outcomes are alike, `missing-ground-truth` when one is not in the view.
 */
export function outcomeLabels(technique: string, view: TrainingView, examples: readonly SupervisedExample[]): WeakTask {
  const targets = examples.map(({ id }) => outcomeOf(view, id));
  requireBothClasses({
    technique,
    targets,
    positives: 'training examples whose outcome happened',
    negatives: 'training examples whose outcome did not happen',
  });
  return { technique, examples, labels: Float64Array.from(targets, Number) };
}
