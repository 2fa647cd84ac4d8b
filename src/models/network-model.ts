import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type {
  Completion,
  FinetuneOptions,
  HeadId,
  Intervention,
  Matrix,
  StrongModel,
  TrainingTargets,
} from '../core/models.ts';
import type { Arrays } from '../graph/optimizer.ts';
import { type Adapters, adapterTargets, initialAdapters, mergedWeights } from './adapters.ts';
import { type Runtime, readoutWidth } from './compiled.ts';
import type { FinetuningConfig, TrainingConfig } from './config.ts';
import { type EncodingLimits, encodeInputs, type Truncation } from './encode-inputs.ts';
import type { TokenMask } from './feeds.ts';
import { finetuningRecipe, requireOptions } from './finetuning-recipe.ts';
import { computeHeadOutputs } from './head-outputs.ts';
import { initialPrompt } from './initial-prompt.ts';
import { computeIntervention, computeInterventionGradient } from './interventions.ts';
import { computeLogLikelihoods, encodeCompletions } from './log-likelihoods.ts';
import type { ModelShape, ReadPlace } from './model-graph.ts';
import type { Network } from './network.ts';
import { computeReadouts } from './readouts.ts';
import { rememberedLikelihoods } from './remembered-likelihoods.ts';
import { rememberedRows } from './remembered-rows.ts';
import type { NamedTensors } from './safetensors.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { computeTokenStates } from './token-states.ts';
import { type Trainable, trainableNames } from './trainables.ts';
import { train } from './trainer.ts';
import type { LabelledExamples, StepReport, TrainingCheckpoint, Validation } from './training-run.ts';
import { withVirtualTokens } from './virtual-tokens.ts';

/** What a model is made of. */
export interface ModelParts<Tokenizer extends TextTokenizer = TextTokenizer> {
  readonly network: Network;
  /** The network's weights, the heads' and the adapters', never changed in place and shared between models. */
  readonly weights: NamedTensors;
  readonly tokenizer: Tokenizer;
  readonly heads: readonly HeadId[];
  /** Where texts are read, by the heads and by `activations`. */
  readonly readAt: ReadPlace;
  /** Which tokens a mean is taken over. @default all */
  readonly readMask?: TokenMask;
  readonly adapters?: Adapters;
  /** What is cut off a text that is too long. @default 'none': such a text is an error */
  readonly truncate?: Truncation;
  /** What every training has in common. */
  readonly training: TrainingConfig;
  /** Defaults of `finetune`. */
  readonly finetuning: FinetuningConfig;
  readonly runtime: Runtime;
}

export interface ModelFinetuneOptions extends FinetuneOptions {
  readonly onStep?: (report: StepReport) => void;
  /** Makes the training resumable. @default it is not */
  readonly checkpoint?: TrainingCheckpoint;
  /** Which tokens count in the next-token loss, as the ones predicted. @default all */
  readonly nextTokenMask?: TokenMask;
}

/** Any network with heads, as a {@link StrongModel}. */
export interface NetworkModel<Tokenizer extends TextTokenizer = TextTokenizer> extends StrongModel {
  readonly parts: ModelParts<Tokenizer>;
  /**
   * Trains what `trainable` says, by default as `parts.training` has it; with adapters the network's own weights are
   * shared, not copied. Without head weights and with a next-token weight the heads stay as they are. `together` rounds the
   * batch size down to whole groups; with `retarget` each step costs one forward pass more.
   * @throws UserError (`wrong-option`, `wrong-targets`, `no-examples`) for what cannot be trained on, (`no-next-tokens`) for a
   *   next-token weight on a network that does not predict tokens, (`training-diverged`).
   */
  finetune(data: TrainingTargets, options: ModelFinetuneOptions): Promise<NetworkModel<Tokenizer>>;
}

/** Encodings of this many tokens are remembered per model. */
const rememberedTokens = 2 ** 22;

/**
 * A model over the given weights. Read-outs and heads are computed once per text, all layers in one forward pass, and
 * remembered, as log likelihoods are; the same inputs give the same numbers at the same thread count.
 */
export function createNetworkModel<Tokenizer extends TextTokenizer>(
  parts: ModelParts<Tokenizer>,
): NetworkModel<Tokenizer> {
  const { network, heads } = parts;
  const { width, layers } = network;
  requireFitting(parts);
  const encode = rememberedEncodings(parts);
  const [model, weights] = [modelShape(parts), arraysOf(parts.weights)];
  const target = (inputs: readonly Input[]) => ({ model, weights, encoded: encode(inputs), runtime: parts.runtime });
  const readouts = rememberedRows(readoutWidth(model), (inputs) =>
    computeReadouts(model, weights, encodeFor(parts, inputs), parts.runtime, parts.readMask),
  );
  const headOutputs = rememberedRows(layers * width, (inputs) => computeHeadOutputs(target(inputs), parts.readMask));
  const likelihoods = rememberedLikelihoods((encoded) =>
    computeLogLikelihoods({ model, weights, runtime: parts.runtime }, encoded),
  );
  return Object.freeze({
    parts,
    heads,
    layers,
    width,
    attentionHeads: network.attentionHeads ?? 1,
    logits: async (inputs: readonly Input[]) => columnsOf(await readouts(inputs), 0, heads.length),
    activations: async (inputs: readonly Input[], layer: number) => {
      requireLayer(layer, layers);
      return columnsOf(await readouts(inputs), heads.length + layer * width, width);
    },
    headOutputs: async (inputs: readonly Input[], layer: number) => {
      requireBlock(layer, layers);
      const rows = await headOutputs(inputs);
      const columns = (rows[0]?.length ?? 0) / layers;
      return columnsOf(rows, (layer - 1) * columns, columns);
    },
    logLikelihoods: async (completions: readonly Completion[]) => {
      const encoded = encodeCompletions(parts.tokenizer, completions, encodingLimits(parts));
      return likelihoods(completions, encoded);
    },
    tokenStates: async (inputs: readonly Input[], layer: number) => {
      requireLayer(layer, layers);
      return computeTokenStates(target(inputs), layer);
    },
    intervene: async (inputs: readonly Input[], intervention: Intervention) => {
      requireLayer(intervention.layer, layers);
      return computeIntervention(target(inputs), intervention);
    },
    interventionGradient: async (inputs: readonly Input[], intervention: Intervention, coefficients: Matrix) => {
      requireLayer(intervention.layer, layers);
      return computeInterventionGradient(target(inputs), intervention, coefficients);
    },
    finetune: (data: TrainingTargets, options: ModelFinetuneOptions) => finetune(parts, data, options),
  });
}

/** The same model with its adapters worked into copies of the weights they are on; without adapters, the model itself. */
export function mergeAdapters<Tokenizer extends TextTokenizer>(
  model: NetworkModel<Tokenizer>,
): NetworkModel<Tokenizer> {
  const { adapters, ...parts } = model.parts;
  if (!adapters) return model;
  return createNetworkModel({ ...parts, weights: mergedWeights(parts.network, parts.weights, adapters) });
}

/** What fixes the graph of a model. */
export function modelShape({ network, heads, readAt, adapters }: ModelParts): ModelShape {
  return { network, heads: heads.length, readAt, ...(adapters && { adapters }) };
}

/** Token ids of inputs, within what the network takes. */
export function encodeFor(parts: ModelParts, inputs: readonly Input[]): Int32Array[] {
  return encodeInputs(parts.tokenizer, inputs, encodingLimits(parts));
}

function encodingLimits({ network, truncate }: ModelParts): EncodingLimits {
  const { maxTokens, vocabulary, virtualTokens = 0 } = network;
  return { maxTokens, vocabulary, virtualTokens, ...(truncate && { truncate }) };
}

/** The arrays of tensors, by name. */
export function arraysOf(weights: NamedTensors): Arrays {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}

async function finetune<Tokenizer extends TextTokenizer>(
  start: ModelParts<Tokenizer>,
  data: TrainingTargets,
  options: ModelFinetuneOptions,
): Promise<NetworkModel<Tokenizer>> {
  const { onStep, checkpoint, nextTokenMask, together, retarget, validation } = options;
  requireTargets(data, start.heads.length);
  if (validation) requireTargets(validation.data, start.heads.length);
  requireOptions(options, start.training, data.inputs.length);
  const { generative, ...recipe } = finetuningRecipe(start.training, start.finetuning, data, options);
  const parts = await withAdditions(start, recipe.trainable, data.inputs, options);
  const { runtime, readMask } = parts;
  const model = modelShape(parts);
  const trainable = trainableNames(model, { ...recipe, generative });
  const weights = withCopies(parts.weights, trainable);
  await train({
    model,
    weights: arraysOf(weights),
    trainable,
    ...labelled(parts, data),
    config: recipe,
    seed: options.seed,
    runtime,
    progress: options.progress ?? (() => {}),
    ...(onStep && { onStep }),
    ...(readMask && { readMask }),
    ...(nextTokenMask && { nextTokenMask }),
    ...(checkpoint && { checkpoint }),
    ...(together && { together }),
    ...(retarget && { retarget }),
    ...(validation && { validation: validationOf(parts, validation) }),
  });
  return createNetworkModel({ ...parts, weights });
}

type ValidationOptions = NonNullable<FinetuneOptions['validation']>;

function validationOf(parts: ModelParts, { data, everySteps, patience }: ValidationOptions): Validation {
  return { examples: labelled(parts, data), everySteps, patience };
}

function labelled(parts: ModelParts, { inputs, targets, weights }: TrainingTargets): LabelledExamples {
  return { encoded: encodeFor(parts, inputs), targets, lossWeights: weights };
}

/** With what a training adds to the network, where the model does not have it yet. */
async function withAdditions<Tokenizer extends TextTokenizer>(
  parts: ModelParts<Tokenizer>,
  trainable: Trainable,
  inputs: readonly Input[],
  options: FinetuneOptions,
): Promise<ModelParts<Tokenizer>> {
  if (trainable === 'lora') return withAdapters(parts, options.seed);
  return trainable === 'prompt' ? withPrompt(parts, inputs, options) : parts;
}

/** Learned vectors before each text, by default those that the model has, or 10. */
async function withPrompt<Tokenizer extends TextTokenizer>(
  parts: ModelParts<Tokenizer>,
  inputs: readonly Input[],
  { seed, virtualTokens = parts.network.virtualTokens ?? 10 }: FinetuneOptions,
): Promise<ModelParts<Tokenizer>> {
  const network = withVirtualTokens(parts.network, virtualTokens);
  if (network === parts.network) return parts;
  const encoded = encodeFor({ ...parts, network }, inputs);
  const target = { model: modelShape(parts), weights: arraysOf(parts.weights), encoded, runtime: parts.runtime };
  const prompt = await initialPrompt(target, virtualTokens, seed);
  return { ...parts, network, weights: new Map([...parts.weights, ...prompt]) };
}

/** Fresh adapters as the training config says, where the model has none yet. */
function withAdapters<Tokenizer extends TextTokenizer>(
  parts: ModelParts<Tokenizer>,
  seed: number,
): ModelParts<Tokenizer> {
  if (parts.adapters) return parts;
  const { rank, alpha, targets } = parts.training.lora;
  const adapters = { rank, alpha, weights: adapterTargets(parts.network, targets) };
  const weights = new Map([...parts.weights, ...initialAdapters(parts.network, adapters, seed)]);
  return { ...parts, adapters, weights };
}

/** The same tensors, those named copied. */
function withCopies(weights: NamedTensors, names: readonly string[]): NamedTensors {
  const copied = new Set(names);
  return new Map(
    [...weights].map(([name, tensor]) => [
      name,
      copied.has(name) ? { shape: tensor.shape, data: tensor.data.slice() } : tensor,
    ]),
  );
}

/** Token ids of inputs, looked up where the text was seen before: interventions ask for the same ones again and again. */
function rememberedEncodings(parts: ModelParts) {
  const known = new Map<string, Int32Array>();
  let tokens = 0;
  return (inputs: readonly Input[]): Int32Array[] => {
    const unknown = inputs.filter(({ text }) => !known.has(text));
    const encoded = new Map(encodeFor(parts, unknown).map((ids, i) => [(unknown[i] as Input).text, ids]));
    const results = inputs.map(({ text }) => known.get(text) ?? (encoded.get(text) as Int32Array));
    for (const [text, ids] of encoded) {
      tokens += ids.length;
      known.set(text, ids);
    }
    if (tokens > rememberedTokens) {
      known.clear();
      tokens = 0;
    }
    return results;
  };
}

function columnsOf(rows: readonly Float32Array[], start: number, columns: number): Matrix {
  const data = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    data.set(row.subarray(start, start + columns), i * columns);
  });
  return { rows: rows.length, columns, data };
}

function requireFitting({ network, tokenizer }: ModelParts): void {
  if (tokenizer.vocabulary <= network.vocabulary) return;
  const next = 'Use the tokenizer that the model was trained with.';
  const wanted = `at most the ${network.vocabulary} token ids that the network knows`;
  throw expected('wrong-tokenizer', "the tokenizer's vocabulary", wanted, tokenizer.vocabulary, next);
}

function requireLayer(layer: number, layers: number): void {
  if (Number.isInteger(layer) && layer >= 0 && layer <= layers) return;
  throw expected('no-such-layer', 'layer', `a whole number from 0 to ${layers}`, layer, 'Choose one of these.');
}

function requireBlock(layer: number, layers: number): void {
  if (Number.isInteger(layer) && layer >= 1 && layer <= layers) return;
  const next = 'Choose one of these; layer 0 is the embedding, which has no heads.';
  throw expected('no-such-layer', 'layer of the heads', `a whole number from 1 to ${layers}`, layer, next);
}

function requireTargets({ inputs, targets, weights }: TrainingTargets, heads: number): void {
  const next = 'Give one target and one weight per example and head.';
  if (inputs.length === 0) throw expected('no-examples', 'the examples to train on', 'at least one', 0, next);
  for (const [name, matrix] of Object.entries({ targets, weights })) {
    if (matrix.rows === inputs.length && matrix.columns === heads && matrix.data.length === matrix.rows * heads)
      continue;
    const got = `${matrix.rows} × ${matrix.columns}`;
    throw expected('wrong-targets', name, `${inputs.length} × ${heads}`, got, next);
  }
}
