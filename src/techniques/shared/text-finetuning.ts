import { z } from 'zod';
import type { Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import type { StudentOptions } from './student-options.ts';
import { trainingTargets } from './targets.ts';

/** How a model reads texts before it is supervised. */
export interface TextOptions {
  /** Passes over the training texts without labels; 0: none. */
  readonly textEpochs: number;
  /** Peak learning rate of AdamW for these. */
  readonly textLearningRate: number;
}

/** Options of {@link TextOptions} to build schemas with. */
export const textOptions = {
  textEpochs: z.int().min(0).default(1).describe('Passes over the training texts without labels; 0: none'),
  textLearningRate: z.number().positive().default(5e-4).describe('Peak learning rate of AdamW for these'),
};

/**
 * A model trained on from `start` to predict each next token of the texts, and nothing else: generative finetuning
 * (methods.md 3.7). `start` itself for 0 epochs.
 */
export async function readTexts(
  start: StrongModel,
  inputs: readonly Input[],
  { textEpochs, textLearningRate, batchSize, trainable }: TextOptions & StudentOptions,
  { seed, progress, signal }: Pick<TechniqueContext, 'seed' | 'progress' | 'signal'>,
): Promise<StrongModel> {
  if (textEpochs === 0) return start;
  signal.throwIfAborted();
  const recipe = { seed, epochs: textEpochs, learningRate: textLearningRate, batchSize, nextTokenWeight: 1, progress };
  const unsupervised = trainingTargets(start.heads, inputs, () => []);
  return start.finetune(unsupervised, { ...recipe, ...(trainable && { trainable }) });
}
