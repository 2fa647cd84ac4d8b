/**
 * A model written in a graph: a network, its adapters and its heads. Which weights are trained is not decided here:
 * gradients are taken with respect to some of `weights`, and what no output depends on never reaches the runtime.
 */
import type { Graph, Value } from '../graph/graph.ts';
import { add, gather, layerNorm, linear, matmul, normLinear, reshape, slice } from '../graph/operators.ts';
import { type Adapters, adapterNames, adapterShapes } from './adapters.ts';
import { headNames, headShapes } from './heads.ts';
import type {
  BatchShape,
  Layers,
  Network,
  NetworkOutputs,
  ReadPositions,
  ReplaceStates,
  TextInputs,
  WeightShape,
} from './network.ts';
import { productOf } from './products.ts';
import { textInputs } from './text-inputs.ts';

/** Where a text is read: its last token, its first, or the mean over its tokens. */
export const readPlaces = ['last', 'first', 'mean'] as const;
export type ReadPlace = (typeof readPlaces)[number];

/** What fixes a model's graph. */
export interface ModelShape {
  readonly network: Network;
  /** How many heads it has. */
  readonly heads: number;
  readonly readAt: ReadPlace;
  readonly adapters?: Adapters;
}

/** Graph input of the weight that each token has in a mean, (batch × tokens), each row adding up to 1. */
export const readWeightsName = 'read-weights';

export interface ModelGraph {
  /** Every weight of network, heads and adapters by name. */
  readonly weights: ReadonlyMap<string, Value>;
  /** (batch × heads) */
  readonly logits: Value;
  /** Read-outs of layers 0 to the network's last, (batch × width) each. */
  readonly hidden: readonly Value[];
  /** Hidden states of every token, (batch · tokens × width) each; absent where only last tokens are computed. */
  readonly everywhere?: readonly Value[];
  /** Next-token logits of every token, (batch · tokens × vocabulary), or of some, where the network has them. */
  readonly nextTokenLogits?: NonNullable<NetworkOutputs['nextTokenLogits']>;
  /** What the heads of block `layer` from 1 give where texts are read, (batch × heads · depth), where it is shown. */
  headOutputs(layer: number): Value | undefined;
}

/** Names and shapes of all weights of a model: the network's, the heads', the adapters'. */
export function modelWeights({ network, heads, adapters }: ModelShape): ReadonlyMap<string, WeightShape> {
  const added = adapters ? adapterShapes(network, adapters) : [];
  return new Map([...network.weights, ...headShapes(network.width, heads), ...added]);
}

/**
 * Declares weights and inputs in `graph` and builds the forward pass. `read` = all computes every token's states.
 * `replace` puts others in the place of hidden states; a network that does not know of it never calls it.
 */
export function buildModel(
  graph: Graph,
  model: ModelShape,
  shape: BatchShape,
  read: ReadPositions,
  replace?: (inputs: TextInputs) => ReplaceStates,
): ModelGraph {
  const { network, readAt } = model;
  const weights = new Map([...modelWeights(model)].map(([name, { shape }]) => [name, graph.parameter(name, shape)]));
  const layers = createLayers(weights, model.adapters);
  const given = textInputs(graph, shape);
  const shown = new Map<number, Value>();
  const showHeads = (outputs: Value, layer: number) => void shown.set(layer, outputs);
  const inputs = { ...given, showHeads, ...(replace && { replace: replace(given) }) };
  const everything = read === 'all' || readAt !== 'last';
  const { hidden, nextTokenLogits } = network.build(inputs, layers, everything ? 'all' : 'last');
  const pool = everything ? pooling(given, readAt) : (x: Value) => x;
  const pooled = hidden.map(pool);
  const logits = linear(pooled.at(-1) as Value, layers.weight(headNames.weight), layers.weight(headNames.bias));
  return {
    weights,
    logits,
    hidden: pooled,
    headOutputs: (layer) => {
      const outputs = shown.get(layer);
      // Where only last tokens are read, blocks before the last one compute all of them nevertheless.
      return outputs && (everything ? pool : pooling(given, 'last'))(outputs);
    },
    ...(everything && { everywhere: hidden, ...(nextTokenLogits && { nextTokenLogits }) }),
  };
}

/** (batch · tokens × n) → (batch × n): what each text is read as. Leaves alone what has a row per text. */
function pooling(inputs: TextInputs, readAt: ReadPlace): (x: Value) => Value {
  const { graph, batch, tokens, lastRows } = inputs;
  if (readAt === 'last') return (x) => (x.shape[0] === batch ? x : gather(x, lastRows));
  if (readAt === 'first') {
    const rows = graph.constant(
      Array.from({ length: batch }, (_, text) => text * tokens),
      [batch],
      'int32',
    );
    return (x) => gather(x, rows);
  }
  const weights = reshape(graph.input(readWeightsName, [batch, tokens]), [batch, 1, tokens]);
  return (x) => {
    const width = x.shape.at(-1) as number;
    return reshape(matmul(weights, reshape(x, [batch, tokens, width])), [batch, width]);
  };
}

/** Weights as they are, and products with their adapters. */
function createLayers(weights: ReadonlyMap<string, Value>, adapters?: Adapters): Layers {
  const adapted = new Set(adapters?.weights);
  const weight = (name: string) => weights.get(name) as Value;
  const layers: Layers = {
    weight,
    linear: (x, name, { bias, ...options } = {}) => {
      const y = productOf(x, weight(name), { ...options, bias: bias === undefined ? undefined : weight(bias) });
      if (!adapters || !adapted.has(name)) return y;
      const { a, b } = adapterNames(name);
      const up = options.outputs ? slice(weight(b), 1, ...options.outputs) : weight(b);
      return add(y, matmul(linear(x, weight(a)), up, { alpha: adapters.alpha / adapters.rank }));
    },
    normLinear: (x, names, name, bias) => {
      const [scale, shift] = [weight(names.scale), weight(names.shift)];
      if (adapted.has(name)) return layers.linear(layerNorm(x, scale, shift), name, { bias });
      return normLinear(x, { scale, shift }, weight(name), weight(bias));
    },
  };
  return layers;
}
