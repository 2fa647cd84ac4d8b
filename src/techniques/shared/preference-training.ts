/**
 * Reward models: the aggregate head read on each candidate after its prompt is a reward r, trained so that the better
 * candidate of a pair has the higher one. Every technique that is finetuned on preferences trains here.
 */
import { z } from 'zod';
import type { FinetuneOptions, Retarget, StrongModel } from '../../core/models.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { headLogits } from './head-logits.ts';
import { candidateTexts, orderedTexts } from './ordered-texts.ts';
import type { PairTask } from './pair-task.ts';
import { sigmoid } from './sigmoid.ts';
import { headIndex, trainingTargets } from './targets.ts';
import { withColumn } from './with-column.ts';

const head = 'aggregate';

/** How a reward model is trained. */
export interface PreferenceOptions {
  /** Passes over the pairs; published: 100 steps of 32, about 5 over 600 pairs. @default 2 */
  readonly epochs: number;
  /** Peak learning rate of AdamW. */
  readonly learningRate: number;
  /** Pairs per step. @default 32 */
  readonly batchSize: number;
}

/** Schema of {@link PreferenceOptions} with the technique's own learning rate; unknown keys are refused. */
export function preferenceOptions(learningRate: number) {
  return z.strictObject({
    epochs: z.int().min(1).default(2).describe('Passes over the pairs'),
    learningRate: z.number().positive().default(learningRate).describe('Peak learning rate of AdamW'),
    batchSize: z.int().min(1).max(2048).default(32).describe('Pairs per step'),
  });
}

/** Hyperparameters of reward models that may change the network's own weights. */
export interface RewardOptions extends PreferenceOptions {
  /** Weights to train. @default 'lora' */
  readonly trainable: 'lora' | 'full' | 'heads';
}

/** Schema of {@link RewardOptions}; 1e-3 is a first choice for the project's own decoder, 2e-4 was for 30 billion parameters. */
export const rewardOptions = preferenceOptions(1e-3).extend({
  trainable: z
    .enum(['lora', 'full', 'heads'])
    .default('lora')
    .describe('Weights to train: low-rank adapters with the heads, all, or the heads alone'),
});

/**
 * Trains `start`, which stays as it is, by the loss of Bradley and Terry, mean over pairs of −log σ(r_better − r_worse).
 * Score: r_positive − r_negative, the log-odds that the positive candidate is the better one.
 */
export async function fitPreferences(
  start: StrongModel,
  task: PairTask,
  options: PreferenceOptions & Pick<FinetuneOptions, 'trainable' | 'virtualTokens'>,
  { seed, progress, signal }: Pick<TechniqueContext, 'seed' | 'progress' | 'signal'>,
): Promise<FittedTechnique> {
  signal.throwIfAborted();
  const { better, worse } = orderedTexts(task);
  const texts = better.flatMap((text, row) => [text, worse[row] as (typeof worse)[number]]);
  const data = trainingTargets(start.heads, texts, (_, row) => [{ head, target: Number(row % 2 === 0), weight: 1 }]);
  const { batchSize, ...recipe } = options;
  const retarget = bradleyTerry(headIndex(start.heads, head));
  const paired = { seed, progress, together: 2, batchSize: 2 * batchSize, retarget };
  const model = await start.finetune(data, { ...recipe, ...paired });
  return {
    score: async (inputs) => {
      const { negative, positive } = candidateTexts(task.technique, inputs);
      const low = await headLogits(model, head, negative);
      return (await headLogits(model, head, positive)).map((reward, row) => reward - (low[row] as number));
    },
    details: { ...recipe, batchSize, examples: task.examples.length },
  };
}

/** Gradients ∓σ(r_worse − r_better) by the two rewards of each pair, the better one's in the even row. */
function bradleyTerry(column: number): Retarget {
  return ({ rows, logits, targets, weights }) => {
    const rewardOf = (row: number) => logits.data[row * logits.columns + column] as number;
    const asked = rows.map((_, row) => {
      const better = row - (row % 2);
      const slope = sigmoid(rewardOf(better + 1) - rewardOf(better));
      // The engine takes the mean over rows, of which a pair has two.
      return sigmoid(rewardOf(row)) + (row === better ? 2 : -2) * slope;
    });
    return { targets: withColumn(targets, column, asked), weights };
  };
}
