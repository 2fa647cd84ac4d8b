import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { FinetuneOptions, HeadId, Intervention, Matrix, StrongModel, TrainingTargets } from '../core/models.ts';
import type { Arrays } from '../graph/optimizer.ts';
import { type Adapters, adapterTargets, initialAdapters, mergedWeights } from './adapters.ts';
import { type Runtime, readoutWidth } from './compiled.ts';
import type { FinetuningConfig, TrainingConfig } from './config.ts';
import { encodeInputs, type Truncation } from './encode-inputs.ts';
import type { TokenMask } from './feeds.ts';
import { computeIntervention, computeInterventionGradient } from './interventions.ts';
import type { ModelShape, ReadPlace } from './model-graph.ts';
import type { Network } from './network.ts';
import { computeReadouts } from './readouts.ts';
import type { NamedTensors } from './safetensors.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { computeTokenStates } from './token-states.ts';
import { trainableNames } from './trainables.ts';
import { train } from './trainer.ts';
import type { StepReport, TrainingCheckpoint } from './training-run.ts';

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
  /** Trains what `parts.training.trainable` says; with adapters the network's own weights are shared, not copied. */
  finetune(data: TrainingTargets, options: ModelFinetuneOptions): Promise<NetworkModel<Tokenizer>>;
}

/** Read-outs of this many bytes are remembered per model. */
const rememberedBytes = 256 * 2 ** 20;
/** Encodings of this many tokens are, too. */
const rememberedTokens = 2 ** 22;

/**
 * A model over the given weights. Read-outs are computed once per text, all layers in one forward pass, and remembered;
 * the same inputs give the same numbers at the same thread count.
 */
export function createNetworkModel<Tokenizer extends TextTokenizer>(
  parts: ModelParts<Tokenizer>,
): NetworkModel<Tokenizer> {
  const { network, heads } = parts;
  const { width, layers } = network;
  requireFitting(parts);
  const readouts = rememberedReadouts(parts);
  const encode = rememberedEncodings(parts);
  const [model, weights] = [modelShape(parts), arraysOf(parts.weights)];
  const target = (inputs: readonly Input[]) => ({ model, weights, encoded: encode(inputs), runtime: parts.runtime });
  return Object.freeze({
    parts,
    heads,
    layers,
    width,
    logits: async (inputs: readonly Input[]) => columnsOf(await readouts(inputs), 0, heads.length),
    activations: async (inputs: readonly Input[], layer: number) => {
      requireLayer(layer, layers);
      return columnsOf(await readouts(inputs), heads.length + layer * width, width);
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
export function encodeFor({ tokenizer, network, truncate }: ModelParts, inputs: readonly Input[]): Int32Array[] {
  const { maxTokens, vocabulary } = network;
  return encodeInputs(tokenizer, inputs, { maxTokens, vocabulary, ...(truncate && { truncate }) });
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
  requireTargets(data, start.heads.length);
  const parts = start.training.trainable === 'lora' ? withAdapters(start, options.seed) : start;
  const { training, finetuning, runtime, readMask } = parts;
  const { onStep, checkpoint, nextTokenMask } = options;
  const model = modelShape(parts);
  const trainable = trainableNames(model, training);
  const weights = withCopies(parts.weights, trainable);
  const { epochs = finetuning.epochs, learningRate = finetuning.learningRate } = options;
  await train({
    model,
    weights: arraysOf(weights),
    trainable,
    encoded: encodeFor(parts, data.inputs),
    targets: data.targets,
    lossWeights: data.weights,
    config: { ...training, epochs, learningRate },
    seed: options.seed,
    runtime,
    progress: options.progress ?? (() => {}),
    ...(onStep && { onStep }),
    ...(readMask && { readMask }),
    ...(nextTokenMask && { nextTokenMask }),
    ...(checkpoint && { checkpoint }),
  });
  return createNetworkModel({ ...parts, weights });
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

/** One read-out row per input. Calls run one after another, so that none computes what another is about to know. */
function rememberedReadouts(parts: ModelParts) {
  const model = modelShape(parts);
  const arrays = arraysOf(parts.weights);
  const most = Math.max(1, Math.floor(rememberedBytes / (4 * readoutWidth(model))));
  let known = new Map<string, Float32Array>();
  const compute = async (inputs: readonly Input[]): Promise<Float32Array[]> => {
    const asked = new Map(inputs.map((input) => [input.text, input]));
    const unknown = [...asked.values()].filter(({ text }) => !known.has(text));
    if (known.size + unknown.length > most) known = new Map([...asked.keys()].flatMap((text) => entryOf(known, text)));
    const rows = await computeReadouts(model, arrays, encodeFor(parts, unknown), parts.runtime, parts.readMask);
    for (const [i, { text }] of unknown.entries()) known.set(text, rows[i] as Float32Array);
    return inputs.map(({ text }) => known.get(text) as Float32Array);
  };
  let previous: Promise<unknown> = Promise.resolve();
  return (inputs: readonly Input[]): Promise<Float32Array[]> => {
    const result = previous.then(() => compute(inputs));
    previous = result.catch(() => undefined);
    return result;
  };
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

function entryOf<T>(map: ReadonlyMap<string, T>, key: string): [string, T][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
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
