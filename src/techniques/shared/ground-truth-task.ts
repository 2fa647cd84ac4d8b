import { expected } from '../../core/errors.ts';
import type { TrainingView } from '../../core/techniques.ts';
import type { BinaryTask } from './binary-task.ts';
import { isDoubtfulPositive } from './doubtful-positives.ts';

/**
 * What ceilings learn from (methods.md 11.3): the ground truth of untrusted training examples with every measurement
 * positive. For techniques that declare `needs.groundTruth`.
 *
 * @throws UserError `missing-ground-truth` when an example's outcome is not in the view.
 */
export function groundTruthTask(technique: string, view: TrainingView): BinaryTask {
  const examples = view.examples.filter(isDoubtfulPositive);
  const targets = examples.map(({ id }) => outcome(view, id));
  return { technique, examples, targets, positives: 'real positives', negatives: 'fake positives' };
}

function outcome(view: TrainingView, id: string): boolean {
  const real = view.groundTruth?.get(id);
  if (real !== undefined) return real;
  const thing = `the ground truth of training example "${id}"`;
  throw expected('missing-ground-truth', thing, 'true or false', real, 'Give every training example an outcome.');
}
