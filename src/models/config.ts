import { z } from 'zod';
import { schedules } from '../graph/schedule.ts';

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

const loraConfig = z.strictObject({
  rank: z.int().min(1).max(1024).default(8).describe('Inner width of an adapter.'),
  alpha: z.number().positive().default(16).describe('An adapter is scaled by alpha / rank.'),
  targets: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Weights to adapt: parts of a name, or a whole name with * for any characters. Empty: all products of the blocks.',
    ),
});

const earlyStoppingConfig = z.strictObject({
  validation: z.number().positive().max(0.5).default(0.1).describe('Share of the examples kept out to validate on.'),
  patience: z.int().min(1).default(3).describe('Stop after this many validations in a row without a lower loss.'),
  everySteps: z.int().min(0).default(0).describe('Steps between validations; 0: an epoch.'),
});

/** How a measurement predictor is trained from scratch (methods.md 11.2; sizes settled by measurement). */
export const trainingConfig = z.strictObject({
  epochs: z.number().positive().default(5).describe('Passes over the training examples; the last may be partial.'),
  batchSize: z.int().min(1).max(4096).default(64).describe('Examples per step.'),
  learningRate: z.number().positive().default(1e-3).describe('Peak learning rate of AdamW.'),
  weightDecay: z.number().min(0).default(0.02).describe('Decoupled weight decay.'),
  warmupSteps: z.int().min(0).default(64).describe('Steps of linear warm-up from a tenth of the learning rate.'),
  clipNorm: z.number().positive().default(1).describe('The gradient is scaled down to this norm over all weights.'),
  aggregateWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('w_agg: loss weight of the aggregate head; each measurement has 1 − w_agg.'),
  schedule: z.enum(schedules).default('cosine').describe('Form of the learning rate after warm-up.'),
  accumulate: z.int().min(1).default(1).describe('Parts that a batch is computed in: the same step with less memory.'),
  trainable: z
    .enum(['full', 'heads', 'lora', 'pattern'])
    .default('full')
    .describe('What is trained: all weights, the heads, adapters and heads, or the heads and the weights that match.'),
  lora: loraConfig.prefault({}).describe('Adapters, for trainable: lora.'),
  weights: z.array(z.string().min(1)).default([]).describe('Patterns of weights, for trainable: pattern.'),
  decay: z
    .enum(['matrices', 'linears', 'all'])
    .default('matrices')
    .describe('Which weights decay: matrices, of these only the ones used as products, or all.'),
  nextTokenWeight: z.number().min(0).default(0).describe('Loss weight of predicting the next token of each text.'),
  earlyStopping: earlyStoppingConfig.optional().describe('Keep the weights of the lowest loss on a validation part.'),
});
export type TrainingConfig = z.infer<typeof trainingConfig>;

/** What differs from {@link trainingConfig} when a trained model is trained on. */
export const finetuningConfig = z.strictObject({
  epochs: z.number().positive().default(2).describe('Passes over the examples given.'),
  learningRate: z.number().positive().default(3e-4).describe('Peak learning rate of AdamW.'),
});
export type FinetuningConfig = z.infer<typeof finetuningConfig>;

/** How the project's own model is pretrained on a setting's unlabelled corpus, by predicting each next token. */
export const pretrainingConfig = z.strictObject({
  epochs: z.number().min(0).default(3).describe('Passes over the corpus; 0: the model stays random.'),
  batchSize: z.int().min(1).max(4096).default(64).describe('Texts per step.'),
  learningRate: z.number().positive().default(1e-3).describe('Peak learning rate of AdamW.'),
});
export type PretrainingConfig = z.infer<typeof pretrainingConfig>;
