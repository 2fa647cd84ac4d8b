import { z } from 'zod';

/** Size of the decoder transformer. */
export const modelConfig = z
  .strictObject({
    width: z.int().min(8).max(8192).default(64).describe('Width of the hidden state.'),
    layers: z.int().min(1).max(128).default(4).describe('Transformer blocks.'),
    heads: z.int().min(1).max(128).default(4).describe('Attention heads per block; must divide the width.'),
    maxTokens: z.int().min(8).max(8192).default(160).describe('Longest text in tokens, the end token included.'),
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], error: 'must divide width' });
export type ModelConfig = z.infer<typeof modelConfig>;

/** How a measurement predictor is trained from scratch (methods.md 11.2; sizes settled by measurement). */
export const trainingConfig = z.strictObject({
  epochs: z.number().positive().default(5).describe('Passes over the training examples; the last may be partial.'),
  batchSize: z.int().min(1).max(4096).default(64).describe('Examples per step.'),
  learningRate: z.number().positive().default(1e-3).describe('Peak learning rate of AdamW.'),
  weightDecay: z.number().min(0).default(0.02).describe('Decoupled weight decay, on matrices only.'),
  warmupSteps: z.int().min(0).default(64).describe('Steps of linear warm-up from a tenth of the learning rate.'),
  clipNorm: z.number().positive().default(1).describe('The gradient is scaled down to this norm over all weights.'),
  aggregateWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('w_agg: loss weight of the aggregate head; each measurement has 1 − w_agg.'),
});
export type TrainingConfig = z.infer<typeof trainingConfig>;

/** What differs from {@link trainingConfig} when a trained model is trained on. */
export const finetuningConfig = z.strictObject({
  epochs: z.number().positive().default(2).describe('Passes over the examples given.'),
  learningRate: z.number().positive().default(3e-4).describe('Peak learning rate of AdamW.'),
});
export type FinetuningConfig = z.infer<typeof finetuningConfig>;
