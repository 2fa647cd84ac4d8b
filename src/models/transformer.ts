/**
 * The strong model's forward pass as graph operators: a causal pre-LN decoder with learned positions, read at each
 * text's last token. Texts are padded on the right, so causality alone keeps padding out of every read-out. Because
 * nothing but last tokens is read, the last block computes keys and values everywhere, but its query, attention output
 * and MLP at the last token only: the same numbers for less work.
 */
import type { Graph, Value } from '../graph/graph.ts';
import {
  add,
  attention,
  gather,
  gelu,
  layerNorm,
  linear,
  reshape,
  slice,
  split,
  transpose,
} from '../graph/operators.ts';
import { type Architecture, weightSpecs } from './architecture.ts';

/** One static shape that texts are computed at. */
export interface BatchShape {
  /** Texts. */
  readonly batch: number;
  /** Padded tokens per text. */
  readonly tokens: number;
}

/** A forward pass in a graph. */
export interface ForwardPass {
  readonly weights: ReadonlyMap<string, Value>;
  /** (batch × (2 + measurements)) */
  readonly logits: Value;
  /** Last-token hidden states, (batch × width) each: embedding, after each block but the last, after the final norm. */
  readonly hidden: readonly Value[];
}

/** Names of the inputs that {@link buildTransformer} declares besides the weights. */
export const inputNames = {
  /** Token ids, (batch × tokens), int32. */
  tokens: 'tokens',
  /** Position of each text's last token, (batch), int32. */
  lastPositions: 'last-positions',
  /** The same as a row of (batch · tokens): text · tokens + position, (batch), int32. */
  lastRows: 'last-rows',
} as const;

/** What a block needs to know besides its weights. */
interface Context extends BatchShape {
  readonly heads: number;
  readonly width: number;
  readonly weight: (name: string) => Value;
  /** (tokens × tokens): 0 where a row may look at a column, very negative elsewhere. */
  readonly mask: Value;
  readonly lastPositions: Value;
  readonly lastRows: Value;
}

/** Declares weights and inputs in `graph` and builds the forward pass on them. */
export function buildTransformer(graph: Graph, architecture: Architecture, shape: BatchShape): ForwardPass {
  const { batch, tokens } = shape;
  const weights = declareWeights(graph, architecture);
  const ids = graph.input(inputNames.tokens, [batch, tokens], 'int32');
  const context: Context = {
    ...shape,
    heads: architecture.heads,
    width: architecture.width,
    weight: (name) => weights.get(name) as Value,
    mask: graph.constant(causalMask(tokens), [tokens, tokens]),
    lastPositions: graph.input(inputNames.lastPositions, [batch], 'int32'),
    lastRows: graph.input(inputNames.lastRows, [batch], 'int32'),
  };
  const hidden = hiddenStates(ids, context, architecture.layers);
  return { weights, logits: linearNamed(hidden.at(-1) as Value, 'heads', context), hidden };
}

function declareWeights(graph: Graph, architecture: Architecture): ReadonlyMap<string, Value> {
  const specs = [...weightSpecs(architecture)];
  return new Map(specs.map(([name, { shape }]) => [name, graph.parameter(name, shape)]));
}

function causalMask(tokens: number): Float32Array {
  return Float32Array.from({ length: tokens * tokens }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e9 : 0));
}

function hiddenStates(ids: Value, context: Context, layers: number): Value[] {
  let x = embed(ids, context);
  const hidden = [gather(x, context.lastRows)];
  for (let layer = 0; layer < layers - 1; layer++) {
    x = block(x, `blocks.${layer}`, context);
    hidden.push(gather(x, context.lastRows));
  }
  const last = lastBlock(x, `blocks.${layers - 1}`, context);
  return [...hidden, normNamed(last, 'final-norm', context)];
}

/** Token and position embeddings, (batch · tokens × width). */
function embed(ids: Value, { batch, tokens, width, weight }: Context): Value {
  const positions = slice(weight('positions'), 0, 0, tokens);
  return reshape(add(gather(weight('embedding'), ids), positions), [batch * tokens, width]);
}

/** (batch · tokens × width) → the same shape. */
function block(x: Value, name: string, context: Context): Value {
  const { batch, tokens, heads, width, mask } = context;
  const qkv = linearNamed(normNamed(x, `${name}.attention-norm`, context), `${name}.query-key-value`, context);
  const split5 = reshape(qkv, [batch, tokens, 3, heads, width / heads]);
  const [query, key, value] = parts(transpose(split5, [2, 0, 3, 1, 4])) as [Value, Value, Value];
  const attended = attention(query, key, value, { mask });
  const rows = reshape(transpose(attended, [0, 2, 1, 3]), [batch * tokens, width]);
  return mlp(add(x, linearNamed(rows, `${name}.attention-output`, context)), name, context);
}

/** (batch · tokens × width) → (batch × width): the block's output at the last tokens. */
function lastBlock(x: Value, name: string, context: Context): Value {
  const { batch, tokens, heads, width, weight, mask, lastRows, lastPositions } = context;
  const normed = normNamed(x, `${name}.attention-norm`, context);
  const [weights, biases] = [weight(`${name}.query-key-value.weight`), weight(`${name}.query-key-value.bias`)];
  const query = linear(gather(normed, lastRows), slice(weights, 1, 0, width), slice(biases, 0, 0, width));
  const keyValue = linear(normed, slice(weights, 1, width, 3 * width), slice(biases, 0, width, 3 * width));
  const split5 = reshape(keyValue, [batch, tokens, 2, heads, width / heads]);
  const [key, value] = parts(transpose(split5, [2, 0, 3, 1, 4])) as [Value, Value];
  const rowMask = reshape(gather(mask, lastPositions), [batch, 1, 1, tokens]);
  const attended = attention(reshape(query, [batch, heads, 1, width / heads]), key, value, { mask: rowMask });
  const rows = reshape(attended, [batch, width]);
  const output = linearNamed(rows, `${name}.attention-output`, context);
  return mlp(add(gather(x, lastRows), output), name, context);
}

function mlp(x: Value, name: string, context: Context): Value {
  const inner = gelu(linearNamed(normNamed(x, `${name}.mlp-norm`, context), `${name}.mlp-input`, context));
  return add(x, linearNamed(inner, `${name}.mlp-output`, context));
}

function normNamed(x: Value, name: string, { weight }: Context): Value {
  return layerNorm(x, weight(`${name}.scale`), weight(`${name}.bias`));
}

function linearNamed(x: Value, name: string, { weight }: Context): Value {
  return linear(x, weight(`${name}.weight`), weight(`${name}.bias`));
}

/** (k, …) → k of (…). */
function parts(x: Value): readonly Value[] {
  return split(x, 0, x.shape[0] as number).map((part) => reshape(part, x.shape.slice(1)));
}
