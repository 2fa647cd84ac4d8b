/**
 * A strong model whose hidden states are given: features that some encoder made once, or activations from elsewhere. Its
 * heads are linear maps of the last layer, so `finetune` is a convex fit with one answer, in seconds. What only a network
 * can do (other trainable weights, next tokens, interventions) it refuses by a UserError of one code, `frozen-features`,
 * so that a caller can leave out the techniques that need it.
 */
import { expected } from '../../core/errors.ts';
import type { Input } from '../../core/examples.ts';
import type { FinetuneOptions, HeadId, Matrix, StrongModel, TrainingTargets } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import { headsOf, initialHeads } from '../../models/heads.ts';
import type { NamedTensors } from '../../models/safetensors.ts';
import { fitHead } from './feature-head-fit.ts';
import { applyHeads, requireHeads, withHeads } from './feature-heads.ts';
import type { FeatureRows } from './feature-rows.ts';

export interface FeatureModelOptions {
  readonly features: FeatureRows;
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  /** Of the heads' random start. */
  readonly seed: number;
  /** The heads' weights, by name as in `src/models/heads.ts`. @default random by seed */
  readonly headWeights?: NamedTensors;
  /** λ of the heads' penalty λ‖w‖² on features of unit variance. @default width / (8 · examples that a head learns from) */
  readonly l2?: number;
  /** Threads of the fits, at least 1. @default 1 */
  readonly threads?: number;
  /** Stops a fit between heads. */
  readonly signal?: AbortSignal;
}

/** A {@link StrongModel} over given features; what it has learned can be kept as its heads' weights. */
export interface FeatureModel extends StrongModel {
  /** `heads.weight` (width × heads) and `heads.bias` (heads). */
  readonly headWeights: NamedTensors;
  /**
   * A model with heads at the minimum of each one's loss (`fitHead`); heads whose weights are all 0 stay as they are. Where
   * training starts, epochs, learning rate, batches and seed make no difference.
   * @throws UserError (`frozen-features`) for `retarget`, `validation`, `nextTokenWeight`, `trainable: 'lora' | 'prompt'`;
   *   (`wrong-targets`, `no-examples`) for what cannot be trained on.
   */
  finetune(data: TrainingTargets, options: FinetuneOptions): Promise<FeatureModel>;
}

/**
 * A model over feature rows. Layer l in [1, layers] is the l-th of the features; layer 0, which a network has as its
 * embedding, is the first one again. A text counts as one token, and a layer as one attention head.
 */
export function createFeatureModel(options: FeatureModelOptions): FeatureModel {
  const { features, measurements, seed } = options;
  const { layers, width } = features;
  const heads = headsOf(measurements);
  const headWeights = options.headWeights ?? initialHeads(width, heads.length, createRng(seed, 'initial-heads'));
  requireHeads(headWeights, width, heads.length);
  const activations = async (inputs: readonly Input[], layer: number) => {
    requireLayer(layer, layers);
    return (await features.rows(inputs))[Math.max(0, layer - 1)] as Matrix;
  };
  return Object.freeze({
    heads,
    layers,
    width,
    attentionHeads: 1,
    headWeights,
    activations,
    logits: async (inputs: readonly Input[]) => applyHeads(await activations(inputs, layers), headWeights),
    tokenStates: async (inputs: readonly Input[], layer: number) => ({
      lengths: new Int32Array(inputs.length).fill(1),
      states: await activations(inputs, layer),
    }),
    headOutputs: () => refuse('outputs of attention heads'),
    logLikelihoods: () => refuse('log likelihoods of answers'),
    intervene: () => refuse('an intervention on hidden states'),
    interventionGradient: () => refuse('an intervention on hidden states'),
    finetune: async (data: TrainingTargets, finetuning: FinetuneOptions) => {
      requireConvex(finetuning);
      requireTargets(data, heads);
      const fitted = await fitHeads(await activations(data.inputs, layers), data, options, finetuning);
      return createFeatureModel({ ...options, headWeights: withHeads(headWeights, fitted) });
    },
  });
}

async function fitHeads(
  features: Matrix,
  { targets, weights }: TrainingTargets,
  { l2, threads, signal }: FeatureModelOptions,
  { progress }: FinetuneOptions,
) {
  const fitted = [];
  for (let j = 0; j < targets.columns; j++) {
    signal?.throwIfAborted();
    const options = { ...(l2 !== undefined && { l2 }), ...(threads !== undefined && { threads }) };
    fitted.push(await fitHead(features, columnOf(targets, j), columnOf(weights, j), options));
    progress?.(j + 1, targets.columns, 'heads');
  }
  return fitted;
}

function columnOf({ rows, columns, data }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);
}

function requireConvex({ retarget, validation, nextTokenWeight = 0, trainable }: FinetuneOptions): void {
  if (retarget) refuseNow('a loss whose targets move while training');
  if (validation) refuseNow('a training that is stopped early');
  if (nextTokenWeight > 0) refuseNow('a loss of next tokens');
  if (trainable === 'lora' || trainable === 'prompt') refuseNow(`trainable "${trainable}"`);
}

async function refuse(what: string): Promise<never> {
  return refuseNow(what);
}

function refuseNow(what: string): never {
  const next = 'Leave this technique out, or give a model that is trained on the texts (training.trainable "full").';
  throw expected('frozen-features', what, 'asked of a network', 'frozen features with linear heads', next);
}

function requireLayer(layer: number, layers: number): void {
  if (Number.isInteger(layer) && layer >= 0 && layer <= layers) return;
  throw expected('no-such-layer', 'layer', `a whole number from 0 to ${layers}`, layer, 'Choose one of these.');
}

function requireTargets({ inputs, targets, weights }: TrainingTargets, heads: readonly HeadId[]): void {
  const next = 'Give one target and one weight per example and head.';
  if (inputs.length === 0) throw expected('no-examples', 'the examples to train on', 'at least one', 0, next);
  for (const [name, { rows, columns, data }] of Object.entries({ targets, weights })) {
    if (rows === inputs.length && columns === heads.length && data.length === rows * columns) continue;
    throw expected('wrong-targets', name, `${inputs.length} × ${heads.length}`, `${rows} × ${columns}`, next);
  }
}
