import type { TrainingView } from '../../core/techniques.ts';
import type { BinaryTask } from './binary-task.ts';
import { isDoubtfulPositive } from './doubtful-positives.ts';
import { outcomeOf } from './outcome-of.ts';

/**
 * What ceilings learn from (methods.md 11.3): the ground truth of untrusted training examples with every measurement
 * positive. For techniques that declare `needs.groundTruth`.
 *
 * @throws UserError `missing-ground-truth` when an example's outcome is not in the view.
 */
export function groundTruthTask(technique: string, view: TrainingView): BinaryTask {
  const examples = view.examples.filter(isDoubtfulPositive);
  const targets = examples.map(({ id }) => outcomeOf(view, id));
  return { technique, examples, targets, positives: 'real positives', negatives: 'fake positives' };
}
