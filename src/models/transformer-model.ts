import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { FinetuneOptions, Matrix, StrongModel, TrainingTargets } from '../core/models.ts';
import type { Arrays } from '../graph/optimizer.ts';
import { type Architecture, headsOf } from './architecture.ts';
import { type Runtime, readoutWidth } from './compiled.ts';
import type { FinetuningConfig, TrainingConfig } from './config.ts';
import { encodeInputs } from './encode-inputs.ts';
import { computeReadouts } from './readouts.ts';
import type { NamedTensors } from './safetensors.ts';
import type { Tokenizer } from './tokenizer.ts';
import { train } from './trainer.ts';

/** What a transformer model is made of. */
export interface TransformerParts {
  readonly architecture: Architecture;
  readonly weights: NamedTensors;
  readonly tokenizer: Tokenizer;
  /** Batch size, weight decay, warm-up and clipping of every training. */
  readonly training: TrainingConfig;
  /** Defaults of `finetune`. */
  readonly finetuning: FinetuningConfig;
  readonly runtime: Runtime;
}

/** A decoder transformer as a {@link StrongModel}. */
export interface TransformerModel extends StrongModel {
  readonly parts: TransformerParts;
  finetune(data: TrainingTargets, options: FinetuneOptions): Promise<TransformerModel>;
}

/** Read-outs of this many bytes are remembered per model. */
const rememberedBytes = 256 * 2 ** 20;

/**
 * A model over the given weights. Read-outs are computed once per text, all layers in one forward pass, and remembered;
 * the same inputs give the same numbers at the same thread count.
 */
export function createTransformerModel(parts: TransformerParts): TransformerModel {
  const { architecture } = parts;
  const heads = headsOf(architecture);
  const { width, layers } = architecture;
  const readouts = rememberedReadouts(parts);
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
    finetune: (data: TrainingTargets, options: FinetuneOptions) => finetune(parts, data, options),
  });
}

async function finetune(parts: TransformerParts, data: TrainingTargets, options: FinetuneOptions) {
  const { architecture, tokenizer, training, finetuning, runtime } = parts;
  requireTargets(data, headsOf(architecture).length);
  const weights = new Map([...parts.weights].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
  await train({
    architecture,
    weights: arraysOf(weights),
    encoded: encodeInputs(tokenizer, data.inputs, architecture.maxTokens),
    targets: data.targets,
    lossWeights: data.weights,
    config: {
      ...training,
      epochs: options.epochs ?? finetuning.epochs,
      learningRate: options.learningRate ?? finetuning.learningRate,
    },
    seed: options.seed,
    runtime,
    progress: options.progress ?? (() => {}),
  });
  return createTransformerModel({ ...parts, weights });
}

function arraysOf(weights: NamedTensors): Arrays {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}

/** One read-out row per input. Calls run one after another, so that none computes what another is about to know. */
function rememberedReadouts({ architecture, weights, tokenizer, runtime }: TransformerParts) {
  const arrays = arraysOf(weights);
  const most = Math.max(1, Math.floor(rememberedBytes / (4 * readoutWidth(architecture))));
  let known = new Map<string, Float32Array>();
  const compute = async (inputs: readonly Input[]): Promise<Float32Array[]> => {
    const asked = new Map(inputs.map((input) => [input.text, input]));
    const unknown = [...asked.values()].filter(({ text }) => !known.has(text));
    if (known.size + unknown.length > most) known = new Map([...asked.keys()].flatMap((text) => entryOf(known, text)));
    const rows = await computeReadouts(
      architecture,
      arrays,
      encodeInputs(tokenizer, unknown, architecture.maxTokens),
      runtime,
    );
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
