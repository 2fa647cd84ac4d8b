import { z } from 'zod';
import type { HeadId, StrongModel, TrainingTargets } from '../../core/models.ts';
import type { FittedTechnique, SavedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { headLogits } from './head-logits.ts';
import { trainingTargets } from './targets.ts';

/** Hyperparameters every finetuning technique has. */
export interface FinetuningOptions {
  /** Passes over the technique's training examples. */
  readonly epochs: number;
  /** Peak learning rate of AdamW. */
  readonly learningRate: number;
}

/** Schema of {@link FinetuningOptions} with the technique's own defaults; unknown keys are refused. */
export function finetuningOptions(defaults: FinetuningOptions) {
  return z.strictObject({
    epochs: z.int().min(1).default(defaults.epochs).describe('Passes over the training examples'),
    learningRate: z.number().positive().default(defaults.learningRate).describe('Peak learning rate of AdamW'),
  });
}

/** Finetunes `start`, which stays as it is, on `data`; the score is the logit of `head`. */
export async function fitTargets(
  start: StrongModel,
  head: HeadId,
  data: TrainingTargets,
  { epochs, learningRate }: FinetuningOptions,
  { seed, progress, signal }: TechniqueContext,
): Promise<FittedTechnique> {
  signal.throwIfAborted();
  const model = await start.finetune(data, { seed, epochs, learningRate, progress });
  return {
    ...restoreHead({ values: { head }, arrays: {}, models: { finetuned: model } }),
    details: { examples: data.inputs.length, epochs, learningRate },
  };
}

/** What {@link fitTargets} fitted, from what it kept. */
export function restoreHead(saved: SavedTechnique): FittedTechnique {
  const { head } = saved.values as { readonly head: HeadId };
  const model = saved.models.finetuned as StrongModel;
  return { score: (inputs) => headLogits(model, head, inputs), saved };
}

/**
 * Finetunes `start` to answer `task` through `head` with loss coefficient 1, all other heads masked.
 *
 * @throws UserError `too-few-examples` when a class of the task is empty.
 */
export async function fitHead(
  start: StrongModel,
  head: HeadId,
  task: BinaryTask,
  options: FinetuningOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  requireBothClasses(task);
  const data = trainingTargets(start.heads, task.examples, (_, index) => [
    { head, target: Number(task.targets[index]), weight: 1 },
  ]);
  return fitTargets(start, head, data, options, context);
}
