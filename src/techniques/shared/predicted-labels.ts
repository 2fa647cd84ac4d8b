import type { StrongModel } from '../../core/models.ts';
import { headLogits } from './head-logits.ts';
import { sigmoid } from './sigmoid.ts';
import type { WeakTask } from './weak-task.ts';

/** The same task with a student's soft predictions σ(aggregate logit) in the place of its labels. */
export async function withPredictedLabels(task: WeakTask, student: StrongModel): Promise<WeakTask> {
  const logits = await headLogits(student, 'aggregate', task.examples);
  return { ...task, labels: logits.map(sigmoid) };
}
