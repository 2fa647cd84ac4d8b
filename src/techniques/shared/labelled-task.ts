import type { TrainingView } from '../../core/techniques.ts';
import { requireNeeds } from '../needs.ts';
import type { BinaryTask } from './binary-task.ts';
import type { LabelOptions } from './label-options.ts';
import { trustedTask } from './trusted-task.ts';
import { weakTask } from './weak-task.ts';

/** A question whose answers come with how sure they are. */
export type LabelledTask = Required<BinaryTask>;

/**
 * Whether the outcome happened, by weak labels above 1/2 on all training examples that have one, or by the aggregate
 * measurements of trusted ones.
 *
 * @throws UserError `missing-structure` when trusted labels are asked for and there are no trusted examples.
 */
export function labelledTask(technique: string, view: TrainingView, labels: LabelOptions['labels']): LabelledTask {
  if (labels === 'trusted') {
    requireNeeds({ id: technique, needs: { structures: ['trusted-subset'] } }, view);
    const task = trustedTask(technique, view);
    return { ...task, probabilities: task.targets.map(Number) };
  }
  const { examples, labels: probabilities } = weakTask(technique, view.examples);
  return {
    technique,
    examples,
    targets: Array.from(probabilities, (label) => label > 0.5),
    probabilities,
    positives: 'training examples with a weak label above 0.5',
    negatives: 'training examples with a weak label of at most 0.5',
  };
}
