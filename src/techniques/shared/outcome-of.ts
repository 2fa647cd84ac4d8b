import { expected } from '../../core/errors.ts';
import type { TrainingView } from '../../core/techniques.ts';

/**
 * The hidden outcome of an example, for techniques that declare `needs.groundTruth`.
 *
 * @throws UserError `missing-ground-truth` when it is not in the view.
 */
export function outcomeOf({ groundTruth }: TrainingView, id: string): boolean {
  const real = groundTruth?.get(id);
  if (real !== undefined) return real;
  const thing = `the ground truth of training example "${id}"`;
  throw expected('missing-ground-truth', thing, 'true or false', real, 'Give every training example an outcome.');
}
