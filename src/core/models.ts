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
  /** Head logits, (n × heads). */
  logits(inputs: readonly Input[]): Promise<Matrix>;
  /** Hidden state at the last token of `layer` in [0, layers], (n × width). */
  activations(inputs: readonly Input[], layer: number): Promise<Matrix>;
  /** Hidden states of `layer` at every token; large, so ask for few inputs at a time. Nothing is remembered. */
  tokenStates(inputs: readonly Input[], layer: number): Promise<TokenStates>;
  /** Head logits after an intervention, (n × heads). */
  intervene(inputs: readonly Input[], intervention: Intervention): Promise<Matrix>;
  /** Gradient of Σ coefficients · `intervene`'s logits by the intervention's states, (n × width); `coefficients` (n × heads). */
  interventionGradient(inputs: readonly Input[], intervention: Intervention, coefficients: Matrix): Promise<Matrix>;
  /** Trains all weights from this model's weights. Defaults are the model's own finetuning recipe. */
  finetune(data: TrainingTargets, options: FinetuneOptions): Promise<StrongModel>;
}
