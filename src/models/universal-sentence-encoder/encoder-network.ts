import type { Graph, Value } from '../../graph/graph.ts';
import { add, concat, gather, layerNorm, mul, relu, reshape, slice, split } from '../../graph/operators.ts';
import { runBlocks } from '../huggingface/run-blocks.ts';
import type { Sight } from '../huggingface/sight.ts';
import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { embeddingName, encoderSize, encoderWeights, inputWidth } from './encoder-weights.ts';
import { attendInWindows, windowSight } from './window-attention.ts';

const epsilon = 1e-6;

/**
 * The transformer of Universal Sentence Encoder lite (Cer et al. 2018): pre-norm, every token sees its whole text, first
 * 256 wide and then 512. States of layer 0 are the embeddings with zeros behind them; those of layer 1 and 2 are what the
 * blocks add up to, with no norm behind the last. Its mean over the tokens of layer 2 is what sentence embeddings are made of.
 *
 * The original reads the first 128 tokens of a text; here each further 128 are read in the same way, on their own, so that a
 * longer text is the mean of its windows, weighted by their tokens.
 */
export function createEncoderNetwork(): Network {
  const weights = new Map([...encoderWeights()].map(([name, { shape }]) => [name, { shape }]));
  const { width, layers, vocabulary, attentionHeads, maxTokens } = encoderSize;
  return Object.freeze({
    family: 'universal-sentence-encoder',
    key: 'universal-sentence-encoder-lite',
    ...{ width, layers, vocabulary, attentionHeads, maxTokens },
    causal: false,
    readAt: 'mean',
    weights,
    linears: [...weights.keys()].filter((name) => /^blocks\..*\.weight$/.test(name)),
    build,
  });
}

function build(inputs: TextInputs, layers: Layers, read: ReadPositions): NetworkOutputs {
  const hidden = runBlocks(embed(inputs, layers), inputs, read, {
    layers: encoderSize.layers,
    sight: (which) => windowSight(inputs, which, encoderSize.window),
    block: (x, layer, sight) => block(x, layer, sight, layers),
  });
  return { hidden };
}

/** Twice the token embedding, since the original adds the positions to a copy and that to itself: (batch · tokens × width). */
function embed({ graph, batch, tokens, ids }: TextInputs, layers: Layers): Value {
  const { width, embeddingWidth } = encoderSize;
  const embedded = add(mul(gather(layers.weight(embeddingName), ids), 2), timing(graph, tokens));
  return widened(reshape(embedded, [batch * tokens, embeddingWidth]), width);
}

/** sin(t · r_i) and then cos(t · r_i) of position t of a window at 128 rates from 1 to 1e-4 (Vaswani et al. 2017): (tokens × 256). */
function timing(graph: Graph, tokens: number): Value {
  const count = encoderSize.embeddingWidth / 2;
  const rates = Float32Array.from({ length: count }, (_, i) => 1e-4 ** (i / (count - 1)));
  const rows = Array.from({ length: tokens }, (_, position) => {
    const angles = Array.from(rates, (rate) => Math.fround((position % encoderSize.window) * rate));
    return [...angles.map(Math.sin), ...angles.map(Math.cos)];
  });
  return graph.constant(rows.flat(), [tokens, 2 * count]);
}

function block(states: Value, layer: number, sight: Sight, layers: Layers): Value {
  const [name, inputs] = [`blocks.${layer}`, inputWidth(layer)];
  const linear = (x: Value, part: string, outputs?: readonly [number, number]) =>
    layers.linear(x, `${name}.${part}.weight`, { bias: `${name}.${part}.bias`, ...(outputs && { outputs }) });
  const norm = (x: Value, part: string) =>
    layerNorm(x, layers.weight(`${name}.${part}.scale`), layers.weight(`${name}.${part}.shift`), epsilon);
  const x = inputs < encoderSize.width ? slice(states, 1, 0, inputs) : states;
  const kept = sight.rows(x);
  const residual = inputs < encoderSize.width ? linear(kept, 'residual') : kept;
  const heads = encoderSize.attentionHeads;
  const [query, key, value] = queryKeyValue(norm(x, 'attention-norm'), sight, inputs, (rows, outputs) =>
    linear(rows, 'attention.qkv', outputs),
  );
  const looking = { sight: showingWide(sight), heads, keyValueHeads: heads, window: encoderSize.window };
  const attended = attendInWindows(query, key, value, looking);
  const middle = add(linear(attended, 'attention.output'), residual);
  const inner = relu(linear(norm(middle, 'feed-forward-norm'), 'feed-forward.in'));
  return add(linear(inner, 'feed-forward.out'), middle);
}

/** One product for all three, unless only some tokens ask. */
function queryKeyValue(
  x: Value,
  sight: Sight,
  width: number,
  product: (rows: Value, outputs?: readonly [number, number]) => Value,
): readonly [Value, Value, Value] {
  if (sight.queries === sight.tokens) return split(product(x), 1, 3) as [Value, Value, Value];
  const [key, value] = split(product(x, [width, 3 * width]), 1, 2) as [Value, Value];
  return [product(sight.rows(x), [0, width]), key, value];
}

/** Shows the heads of both blocks 128 deep, with zeros behind those that are narrower, since all blocks must be alike. */
function showingWide(sight: Sight): Sight {
  const { showHeads } = sight;
  if (!showHeads) return sight;
  const { width, attentionHeads: heads } = encoderSize;
  return {
    ...sight,
    showHeads: (outputs) => {
      const [rows, columns] = outputs.shape as readonly [number, number];
      const apart = reshape(outputs, [rows * heads, columns / heads]);
      showHeads(reshape(widened(apart, width / heads), [rows, width]));
    },
  };
}

/** With zeros behind each row. */
function widened(x: Value, width: number): Value {
  const [rows, columns] = x.shape as readonly [number, number];
  return columns === width ? x : concat([x, x.graph.filled(0, [rows, width - columns])], 1);
}
