/**
 * Strong students of weak labels: a model trained from `start` to answer a task's labels through its aggregate head, by
 * cross-entropy or by a loss whose targets depend on what it says meanwhile. Every weak-to-strong technique trains here.
 */
import type { FinetuneOptions, Matrix, Retarget, StrongModel } from '../../core/models.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { balanceLabels } from './balance-labels.ts';
import { headLogits } from './head-logits.ts';
import type { LossBatch, LossTargets, WeakLoss } from './loss-batch.ts';
import type { StudentOptions } from './student-options.ts';
import { headIndex, trainingTargets } from './targets.ts';
import type { WeakOptions } from './weak-options.ts';
import { requireBothLabels, type WeakTask } from './weak-task.ts';
import { withColumn } from './with-column.ts';

const head = 'aggregate';

/** How a training differs from cross-entropy on fixed labels. */
export type StudentExtras = Pick<FinetuneOptions, 'retarget' | 'validation'>;

/** Trains a student from `start`, which stays as it is, on the task's labels. */
export async function trainStudent(
  start: StrongModel,
  task: WeakTask,
  { batchSize, ...options }: StudentOptions,
  { seed, progress, signal }: Pick<TechniqueContext, 'seed' | 'progress' | 'signal'>,
  extras: StudentExtras = {},
): Promise<StrongModel> {
  signal.throwIfAborted();
  const recipe = { seed, batchSize, progress, ...ownRecipe(options) };
  return start.finetune(labelTargets(start, task), { ...recipe, ...extras });
}

/** What options say of the recipe; what they leave open is the model's own. */
function ownRecipe({ epochs, learningRate, trainable }: Omit<StudentOptions, 'batchSize'>) {
  return {
    ...(epochs !== undefined && { epochs }),
    ...(learningRate !== undefined && { learningRate }),
    ...(trainable && { trainable }),
  };
}

/** The labels of a task as targets of the aggregate head, with loss coefficient 1. */
export function labelTargets(model: Pick<StrongModel, 'heads'>, { examples, labels }: WeakTask) {
  return trainingTargets(model.heads, examples, (_, row) => [{ head, target: labels[row] as number, weight: 1 }]);
}

/** A student as a fitted technique: its score is its aggregate logit, the log-odds of the outcome. */
export function fittedStudent(student: StrongModel, details: FittedTechnique['details'] = {}): FittedTechnique {
  return { score: (inputs) => headLogits(student, head, inputs), details };
}

/**
 * Trains a student from `start` on weak labels with `loss`, cross-entropy to the labels when there is none.
 *
 * @throws UserError `too-few-examples` when the labels are all on one side of 1/2.
 */
export async function fitStudent(
  start: StrongModel,
  task: WeakTask,
  options: WeakOptions,
  context: TechniqueContext,
  loss?: WeakLoss,
): Promise<FittedTechnique> {
  requireBothLabels(task, options.balance);
  const student = await trainStudent(start, task, options, context, lossExtras(start, task, options.balance, loss));
  return fittedStudent(student, studentDetails(task, options));
}

/** What every student's record tells. */
export function studentDetails({ examples }: WeakTask, options: StudentOptions) {
  return { examples: examples.length, ...ownRecipe(options) };
}

/** A loss as what a training asks back; plain cross-entropy needs no asking, since its targets do not move. */
export function lossExtras(
  { heads }: Pick<StrongModel, 'heads'>,
  { labels }: WeakTask,
  balance: boolean,
  loss?: WeakLoss,
): StudentExtras {
  if (!loss && !balance) return {};
  const column = headIndex(heads, head);
  const retarget: Retarget = ({ rows, logits, targets, weights, step, steps }) => {
    const seen = rows.map((row) => labels[row] as number);
    const batch = { ...supervision(seen, balance), rows, logits: columnOf(logits, column), share: step / steps };
    const asked: LossTargets = loss?.(batch) ?? { targets: batch.labels };
    return {
      targets: withColumn(targets, column, asked.targets),
      weights: asked.weights ? withColumn(weights, column, asked.weights) : weights,
    };
  };
  return { retarget };
}

/** A batch's labels and prior as losses see them (methods.md 4.3: 1/2 for balanced labels and for a single one). */
function supervision(seen: readonly number[], balance: boolean): Pick<LossBatch, 'labels' | 'prior'> {
  const labels = balance ? balanceLabels(seen) : seen;
  const mean = seen.reduce((sum, label) => sum + label, 0) / seen.length;
  return { labels, prior: balance || seen.length === 1 ? 0.5 : mean };
}

function columnOf({ rows, columns, data }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);
}
