import { z } from 'zod';

/** How a strong student is trained, weakly supervised or on ground truth, so that the two can be compared. */
export interface StudentOptions {
  /** Passes over the training examples. @default the model's own recipe, `finetuning` of a config */
  readonly epochs?: number | undefined;
  /** Peak learning rate of AdamW. @default the model's own recipe, `finetuning` of a config */
  readonly learningRate?: number | undefined;
  /** Examples per step, over which a loss takes its batch statistics. */
  readonly batchSize: number;
  /** Weights to train. @default the model's own recipe */
  readonly trainable?: 'full' | 'heads' | 'lora' | 'prompt' | undefined;
}

/**
 * Schema of {@link StudentOptions}. The published recipe (methods.md 3.5) has batches of 32 and epochs and rates for large
 * pretrained models; here batches are as large as the own model's, and a config's `finetuning` decides the rest, the
 * same for every student and ceiling.
 */
export const studentOptions = z.strictObject({
  epochs: z.int().min(1).optional().describe('Passes over the training examples; absent = as finetuning of the config'),
  learningRate: z
    .number()
    .positive()
    .optional()
    .describe('Peak learning rate of AdamW; absent = as finetuning of the config'),
  batchSize: z.int().min(2).max(4096).default(64).describe('Examples per step, over which batch statistics are taken'),
  trainable: z
    .enum(['full', 'heads', 'lora', 'prompt'])
    .optional()
    .describe('Weights to train; absent = as the model is trained by default'),
});
