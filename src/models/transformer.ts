/**
 * The project's own network as graph operators: a causal pre-LN decoder with learned positions. Texts are padded on the
 * right, so causality alone keeps padding out of every token's state. Where nothing but last tokens is read, the last
 * block computes keys and values everywhere, but its query, attention output and MLP at the last token only: the same
 * numbers for less work.
 */
import type { Graph, Value } from '../graph/graph.ts';
import {
  add,
  attention,
  causalAttention,
  gather,
  gelu,
  layerNorm,
  matmul,
  reshape,
  slice,
  split,
  transpose,
} from '../graph/operators.ts';
import { type Architecture, weightSpecs } from './architecture.ts';
import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from './network.ts';
import { unchanged } from './replace-states.ts';

/** A {@link Network} that remembers what it was made from. */
export interface Decoder extends Network {
  readonly architecture: Architecture;
}

/** Weights of a block that are used as products. */
const blockLinears = ['query-key-value', 'attention-output', 'mlp-input', 'mlp-output'];

/**
 * The decoder of this architecture. Its next-token logits are hidden · embeddingᵀ / √width, so that predicting tokens
 * needs no weights of its own.
 */
export function createDecoder(architecture: Architecture): Decoder {
  const { width, layers, vocabulary, maxTokens, heads } = architecture;
  const names = Array.from({ length: layers }, (_, layer) =>
    blockLinears.map((name) => `blocks.${layer}.${name}.weight`),
  );
  return Object.freeze({
    family: 'touchstone',
    key: JSON.stringify(['touchstone', width, layers, vocabulary, maxTokens, heads]),
    architecture,
    width,
    layers,
    vocabulary,
    attentionHeads: heads,
    maxTokens,
    causal: true,
    weights: weightSpecs(architecture),
    linears: names.flat(),
    build: (inputs: TextInputs, layers: Layers, read: ReadPositions) =>
      buildDecoder(
        { ...inputs, ...architecture, layer: layers, mask: causalMask(inputs), blocks: architecture.layers },
        read,
      ),
  });
}

/** What a block needs to know besides its name. */
interface Context extends TextInputs {
  readonly heads: number;
  readonly width: number;
  readonly blocks: number;
  readonly layer: Layers;
  /** (tokens × tokens): 0 where a row may look at a column, very negative elsewhere. */
  readonly mask: Value;
}

function causalMask({ graph, tokens }: { readonly graph: Graph; readonly tokens: number }): Value {
  const looks = (i: number) => (i % tokens > Math.floor(i / tokens) ? -1e9 : 0);
  return graph.constant(
    Float32Array.from({ length: tokens * tokens }, (_, i) => looks(i)),
    [tokens, tokens],
  );
}

function buildDecoder(context: Context, read: ReadPositions): NetworkOutputs {
  const { blocks, lastRows, width, layer, replace = unchanged } = context;
  const at = (x: Value) => (read === 'last' ? gather(x, lastRows) : x);
  let x = replace(embed(context), 0);
  const hidden = [at(x)];
  for (let index = 0; index < blocks - 1; index++) {
    x = replace(block(x, index, context), index + 1);
    hidden.push(at(x));
  }
  const final = (read === 'last' ? lastBlock : block)(x, blocks - 1, context);
  const last = norm(final, 'final-norm', context);
  const nextTokenLogits = (rows?: Value) =>
    matmul(rows ? gather(last, rows) : last, layer.weight('embedding'), {
      transposeB: true,
      alpha: 1 / Math.sqrt(width),
    });
  return { hidden: [...hidden, last], nextTokenLogits };
}

/** Token and position embeddings, (batch · tokens × width). */
function embed({ ids, batch, tokens, width, layer }: Context): Value {
  const positions = slice(layer.weight('positions'), 0, 0, tokens);
  return reshape(add(gather(layer.weight('embedding'), ids), positions), [batch * tokens, width]);
}

/** (batch · tokens × width) → the same shape. */
function block(x: Value, index: number, context: Context): Value {
  const { batch, tokens, heads, width, mask } = context;
  const name = `blocks.${index}`;
  const qkv = normLinear(x, `${name}.attention-norm`, `${name}.query-key-value`, context);
  const split5 = reshape(qkv, [batch, tokens, 3, heads, width / heads]);
  const [query, key, value] = parts(transpose(split5, [2, 0, 3, 1, 4])) as [Value, Value, Value];
  const attended = causalAttention(query, key, value, { mask });
  const rows = reshape(transpose(attended, [0, 2, 1, 3]), [batch * tokens, width]);
  context.showHeads?.(rows, index + 1);
  return mlp(add(x, linear(rows, `${name}.attention-output`, context)), name, context);
}

/** (batch · tokens × width) → (batch × width): the block's output at the last tokens. */
function lastBlock(x: Value, index: number, context: Context): Value {
  const { batch, tokens, heads, width, mask, lastRows, lastPositions } = context;
  const name = `blocks.${index}`;
  const normed = norm(x, `${name}.attention-norm`, context);
  const query = linear(gather(normed, lastRows), `${name}.query-key-value`, context, [0, width]);
  const keyValue = linear(normed, `${name}.query-key-value`, context, [width, 3 * width]);
  const split5 = reshape(keyValue, [batch, tokens, 2, heads, width / heads]);
  const [key, value] = parts(transpose(split5, [2, 0, 3, 1, 4])) as [Value, Value];
  const rowMask = reshape(gather(mask, lastPositions), [batch, 1, 1, tokens]);
  const attended = attention(reshape(query, [batch, heads, 1, width / heads]), key, value, { mask: rowMask });
  const rows = reshape(attended, [batch, width]);
  context.showHeads?.(rows, index + 1);
  return mlp(add(gather(x, lastRows), linear(rows, `${name}.attention-output`, context)), name, context);
}

function mlp(x: Value, name: string, context: Context): Value {
  const inner = gelu(normLinear(x, `${name}.mlp-norm`, `${name}.mlp-input`, context));
  return add(x, linear(inner, `${name}.mlp-output`, context));
}

function norm(x: Value, name: string, { layer }: Context): Value {
  return layerNorm(x, layer.weight(`${name}.scale`), layer.weight(`${name}.bias`));
}

function linear(x: Value, name: string, { layer }: Context, outputs?: readonly [number, number]): Value {
  return layer.linear(x, `${name}.weight`, { bias: `${name}.bias`, ...(outputs && { outputs }) });
}

function normLinear(x: Value, normName: string, name: string, context: Context): Value {
  const names = { scale: `${normName}.scale`, shift: `${normName}.bias` };
  const fused = context.layer.normLinear?.(x, names, `${name}.weight`, `${name}.bias`);
  return fused ?? linear(norm(x, normName, context), name, context);
}

/** (k, …) → k of (…). */
function parts(x: Value): readonly Value[] {
  return split(x, 0, x.shape[0] as number).map((part) => reshape(part, x.shape.slice(1)));
}
