/**
 * Low-rank adapters (LoRA; Hu et al. 2021): a product x·W becomes x·W + alpha/rank · (x·A)·B with A (inputs × rank) and
 * B (rank × outputs). A starts normal and B at zero, so that an adapter changes nothing until it is trained.
 */
import { createRng } from '../core/random.ts';
import { Graph } from '../graph/graph.ts';
import type { Layers, Network, WeightShape } from './network.ts';
import { productOf } from './products.ts';
import type { NamedTensor, NamedTensors } from './safetensors.ts';
import { textInputs } from './text-inputs.ts';
import { matchingNames } from './weight-patterns.ts';

/** Which weights of a network carry adapters. */
export interface Adapters {
  /** Inner width, at least 1. */
  readonly rank: number;
  /** The adapters' product is scaled by alpha / rank. */
  readonly alpha: number;
  /** Names of the adapted weights, all in the network's `linears`. */
  readonly weights: readonly string[];
}

/** The two matrices of the adapter on a weight. */
export function adapterNames(weight: string): { readonly a: string; readonly b: string } {
  return { a: `${weight}.lora-a`, b: `${weight}.lora-b` };
}

/**
 * The linears that patterns choose ({@link matchingNames}). Without patterns, all of the blocks: those with a number
 * among the dot-separated parts of their name, or every one when none has.
 */
export function adapterTargets(network: Network, patterns: readonly string[]): readonly string[] {
  if (patterns.length > 0) return matchingNames(network.linears, patterns, 'lora.targets');
  const inBlocks = network.linears.filter((name) => /(^|[./])\d+[./]/.test(name));
  return inBlocks.length > 0 ? inBlocks : network.linears;
}

/** Shapes of the adapters' matrices by name. */
export function adapterShapes(network: Network, { rank, weights }: Adapters): ReadonlyMap<string, WeightShape> {
  const transposed = transposedLinears(network);
  const shapes = new Map<string, WeightShape>();
  for (const weight of weights) {
    const shape = (network.weights.get(weight) as WeightShape).shape as readonly [number, number];
    const [inputs, outputs] = transposed.has(weight) ? [shape[1], shape[0]] : shape;
    shapes.set(adapterNames(weight).a, { shape: [inputs, rank] });
    shapes.set(adapterNames(weight).b, { shape: [rank, outputs] });
  }
  return shapes;
}

/** Fresh adapters: A normal of standard deviation 1 / √inputs, B zero; the same seed gives the same ones. */
export function initialAdapters(network: Network, adapters: Adapters, seed: number): NamedTensors {
  const rng = createRng(seed, 'initial-adapters');
  const start = (name: string, shape: readonly number[]): NamedTensor['data'] => {
    const [inputs, outputs] = shape as readonly [number, number];
    const data = new Float32Array(inputs * outputs);
    return name.endsWith('.lora-b') ? data : data.map(() => rng.normal() / Math.sqrt(inputs));
  };
  const shapes = [...adapterShapes(network, adapters)];
  return new Map(shapes.map(([name, { shape }]) => [name, { shape, data: start(name, shape) }]));
}

/** The network's weights with the adapters worked in, W + alpha/rank · A·B; adapted weights are copies, others the same. */
export function mergedWeights(network: Network, weights: NamedTensors, adapters: Adapters): NamedTensors {
  const transposed = transposedLinears(network);
  const drop = new Set(adapterShapes(network, adapters).keys());
  const merged = new Map([...weights].filter(([name]) => !drop.has(name)));
  for (const weight of adapters.weights) {
    const names = adapterNames(weight);
    const tensors = [weight, names.a, names.b].map((name) => weights.get(name) as NamedTensor);
    merged.set(weight, merge(tensors as [NamedTensor, NamedTensor, NamedTensor], adapters, transposed.has(weight)));
  }
  return merged;
}

function merge([w, a, b]: [NamedTensor, NamedTensor, NamedTensor], { rank, alpha }: Adapters, transposed: boolean) {
  const [inputs, outputs] = [a.shape[0] as number, b.shape[1] as number];
  const data = w.data.slice();
  const row = new Float64Array(outputs);
  for (let i = 0; i < inputs; i++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = ((a.data[i * rank + r] as number) * alpha) / rank;
      for (let j = 0; j < outputs; j++) row[j] = (row[j] as number) + factor * (b.data[r * outputs + j] as number);
    }
    for (let j = 0; j < outputs; j++) {
      const at = transposed ? j * inputs + i : i * outputs + j;
      data[at] = (data[at] as number) + (row[j] as number);
    }
  }
  return { shape: w.shape, data };
}

const orientations = new WeakMap<Network, ReadonlySet<string>>();

/** The linears that a network stores (outputs × inputs), learnt from how it uses them in a graph nobody runs. */
function transposedLinears(network: Network): ReadonlySet<string> {
  const known = orientations.get(network);
  if (known) return known;
  const found = new Set<string>();
  const graph = new Graph();
  const values = new Map([...network.weights].map(([name, { shape }]) => [name, graph.input(name, shape)]));
  const weight = (name: string) => values.get(name) as NonNullable<ReturnType<typeof values.get>>;
  const layers: Layers = {
    weight,
    linear: (x, name, options = {}) => {
      if (options.transposed) found.add(name);
      return productOf(x, weight(name), {
        ...options,
        bias: options.bias === undefined ? undefined : weight(options.bias),
      });
    },
  };
  const shape = { batch: 1, tokens: Math.min(8, network.maxTokens) };
  network.build(textInputs(graph, shape), layers, 'all').nextTokenLogits?.();
  orientations.set(network, found);
  return found;
}
