import { z } from 'zod';

/** Hyperparameters of a probe; the layer and the L2 strength are chosen without any other target than its own. */
export interface ProbeOptions {
  /** A linear map of the last token's state, or of a mean over all tokens with learned attention. @default 'linear' */
  readonly form: 'linear' | 'attention';
  /**
   * Whose activations to probe, 0 = embedding; `chosen` tries layers 1 to the last, by linear probes in either form.
   * @default 'chosen'
   */
  readonly layer: 'chosen' | 'last' | number;
  /** L2 strengths to choose from, λ in mean BCE + λ‖w‖² on standardised activations. @default [1e-4, 1e-3, 1e-2, 1e-1] */
  readonly l2: readonly number[];
  /** Folds of the cross-validation that chooses. @default 3 */
  readonly folds: number;
  /** Most examples the choice may look at, since it costs layers × strengths × folds fits. @default 3000 */
  readonly choiceExamples: number;
  /** Of the attention form: dimensions of queries and keys, or the model's `width`. @default 16 */
  readonly queryKeyWidth: number | 'width';
  /** Of the attention form, which has no closed or convex solution. */
  readonly training: AttentionTraining;
}

/** What of these a linear probe takes. */
export type LinearProbeOptions = Pick<ProbeOptions, 'layer' | 'l2' | 'folds' | 'choiceExamples'>;

/** How the attention form of a probe is trained. */
export interface AttentionTraining {
  /** Passes over the examples. @default 20 */
  readonly epochs: number;
  /** Peak learning rate of AdamW. @default 3e-3 */
  readonly learningRate: number;
  /** Decoupled weight decay of queries and keys, without which few examples are learned by heart. @default 1 */
  readonly weightDecay: number;
  /** Examples per step. @default 64 */
  readonly batchSize: number;
  /** Most examples to train on, in the task's class proportions; fewer where their states would exceed 1 GiB. @default 50000 */
  readonly mostExamples: number;
}

const training = z
  .strictObject({
    epochs: z.int().min(1).default(20).describe('Passes over the examples'),
    learningRate: z.number().positive().default(3e-3).describe('Peak learning rate of AdamW'),
    weightDecay: z.number().min(0).default(1).describe('Decoupled weight decay of queries and keys'),
    batchSize: z.int().min(1).default(64).describe('Examples per step'),
    mostExamples: z
      .int()
      .min(4)
      .default(50_000)
      .describe('Most examples to train on; fewer where their states would exceed 1 GiB'),
  })
  .prefault({})
  .describe('How the attention form is trained');

/** Schema of {@link ProbeOptions}; unknown keys are refused. */
export const probeOptions = z.strictObject({
  form: z
    .enum(['linear', 'attention'])
    .default('linear')
    .describe('Linear map of the last token’s state, or of a mean over all tokens with learned attention'),
  layer: z
    .union([z.enum(['chosen', 'last']), z.int().min(0)])
    .default('chosen')
    .describe(
      'Layer to probe, 0 = embedding; chosen = by cross-validated AUROC of linear probes on the probe’s own target',
    ),
  l2: z.array(z.number().positive()).min(1).default([1e-4, 1e-3, 1e-2, 1e-1]).describe('L2 strengths to choose from'),
  folds: z.int().min(2).default(3).describe('Folds of the cross-validation that chooses'),
  choiceExamples: z.int().min(20).default(3000).describe('Most examples the choice may look at'),
  queryKeyWidth: z
    .union([z.literal('width'), z.int().min(1)])
    .default(16)
    .describe('Attention form: dimensions of queries and keys, or width = the model’s'),
  training,
});

/** Schema of {@link LinearProbeOptions} with the last layer as default. */
export const linearProbeOptions = probeOptions
  .pick({ layer: true, l2: true, folds: true, choiceExamples: true })
  .extend({
    layer: probeOptions.shape.layer
      .unwrap()
      .default('last')
      .describe(
        'Layer to probe, 0 = embedding; chosen = by cross-validated AUROC of linear probes on the probe’s own target',
      ),
  });
