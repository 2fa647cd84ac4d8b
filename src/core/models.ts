import type { Input } from './examples.ts';
import type { Progress } from './settings.ts';

/** A dense row-major matrix. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** (rows × columns), row-major. */
  readonly data: Float32Array;
}

/** Outputs of a model's heads, in order: `aggregate`, `ground-truth`, then one `measurement-<j>` (j from 1) per measurement. */
export type HeadId = 'aggregate' | 'ground-truth' | `measurement-${number}`;

/** Examples to train on: for each head a target in [0, 1] and a weight ≥ 0 (0 masks that head on that example). */
export interface TrainingTargets {
  readonly inputs: readonly Input[];
  /** (n × heads) */
  readonly targets: Matrix;
  /** (n × heads); the loss is Σ weights·BCE / n over a batch, so a weight is a loss coefficient. */
  readonly weights: Matrix;
}

export interface FinetuneOptions {
  readonly seed: number;
  readonly epochs?: number;
  /** Peak learning rate of AdamW. */
  readonly learningRate?: number;
  readonly progress?: Progress;
  /** Weights to train. @default the model's own recipe */
  readonly trainable?: 'full' | 'heads' | 'lora' | 'prompt';
  /** Learned vectors put before each text, for `trainable: 'prompt'`. @default 10 */
  readonly virtualTokens?: number;
  /** Loss weight of predicting each text's next tokens; without head weights this is generative finetuning. @default 0 */
  readonly nextTokenWeight?: number;
  /** Examples per step. @default the model's own recipe */
  readonly batchSize?: number;
  /** So many consecutive examples always stand in one batch, e.g. 2 for the two answers of a pair. @default 1 */
  readonly together?: number;
  /** Makes a batch's targets from what the model says now: how losses with a target of their own come in. */
  readonly retarget?: Retarget;
  /** Keep the weights of the lowest loss on these, and stop early. @default the model's own recipe */
  readonly validation?: {
    readonly data: TrainingTargets;
    /** Steps between validations, at least 1. */
    readonly everySteps: number;
    /** Stop after this many validations in a row without a lower loss. */
    readonly patience: number;
  };
}

/**
 * Called once per step with the batch's present logits; gives the targets and weights to take the step on. The loss is
 * linear in the targets, so any gradient g by a logit z is had by the target sigmoid(z) − g at weight 1.
 */
export type Retarget = (batch: BatchReadout) => Pick<TrainingTargets, 'targets' | 'weights'>;

/** A batch in the middle of a training; all matrices are (batch × heads), row by row as in `rows`. */
export interface BatchReadout {
  /** Positions in the training examples; with `together` those of a group stand side by side, in order. */
  readonly rows: readonly number[];
  readonly logits: Matrix;
  readonly targets: Matrix;
  readonly weights: Matrix;
  /** Steps taken before this one, from 0. */
  readonly step: number;
  readonly steps: number;
}

/** A continuation of a prompt. */
export interface Completion {
  readonly prompt: string;
  readonly answer: string;
}

/** Hidden states at every token of some texts, one text's tokens after another's. */
export interface TokenStates {
  /** Tokens of each text, (n), each at least 1. */
  readonly lengths: Int32Array;
  /** (Σ lengths × width) */
  readonly states: Matrix;
}

/** Hidden states to put in the place of a layer's own, at the last token of each text. */
export interface Intervention {
  /** In [0, layers]; at the last one only the heads follow. */
  readonly layer: number;
  /** (n × width) */
  readonly states: Matrix;
}

/**
 * The strong model as techniques see it: read-outs at the last token, hidden states at every layer, and a way to
 * train on. Immutable: `finetune` returns a new model. Nothing here knows the engine or the device.
 */
export interface StrongModel {
  readonly heads: readonly HeadId[];
  /** Hidden layers; activations exist for layer 0 (embedding) to `layers` (after the last block and final norm). */
  readonly layers: number;
  readonly width: number;
  /** Attention heads per block. */
  readonly attentionHeads: number;
  /** Head logits, (n × heads). */
  logits(inputs: readonly Input[]): Promise<Matrix>;
  /** Hidden state at the last token of `layer` in [0, layers], (n × width). */
  activations(inputs: readonly Input[], layer: number): Promise<Matrix>;
  /**
   * What the attention heads of block `layer` in [1, layers] give at the last token, before their output projection;
   * heads side by side, (n × attentionHeads · width per head).
   * @throws UserError (`no-head-outputs`) when the network does not show its heads.
   */
  headOutputs(inputs: readonly Input[], layer: number): Promise<Matrix>;
  /**
   * Mean log probability, in nats per token, of each answer after its prompt, the end of text included where the
   * tokenizer has one, (n).
   * @throws UserError (`no-next-tokens`) when the network does not predict tokens.
   */
  logLikelihoods(completions: readonly Completion[]): Promise<Float64Array>;
  /** Hidden states of `layer` at every token; large, so ask for few inputs at a time. Nothing is remembered. */
  tokenStates(inputs: readonly Input[], layer: number): Promise<TokenStates>;
  /** Head logits after an intervention, (n × heads). */
  intervene(inputs: readonly Input[], intervention: Intervention): Promise<Matrix>;
  /** Gradient of Σ coefficients · `intervene`'s logits by the intervention's states, (n × width); `coefficients` (n × heads). */
  interventionGradient(inputs: readonly Input[], intervention: Intervention, coefficients: Matrix): Promise<Matrix>;
  /** Trains all weights from this model's weights. Defaults are the model's own finetuning recipe. */
  finetune(data: TrainingTargets, options: FinetuneOptions): Promise<StrongModel>;
}
