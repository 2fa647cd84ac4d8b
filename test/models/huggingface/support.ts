import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { add, matmul, slice } from '../../../src/graph/operators.ts';
import { createSession } from '../../../src/graph/session.ts';
import { openCheckpoint } from '../../../src/models/huggingface/open-checkpoint.ts';
import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from '../../../src/models/network.ts';
import { decodeSafetensors, type NamedTensors } from '../../../src/models/safetensors.ts';

/** Made by test/golden/scripts/huggingface_fixtures.py. */
export const fixtures = fileURLToPath(new URL('../../fixtures/huggingface/', import.meta.url));

export interface GoldenRecord {
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
  /** How many of the texts were run. */
  readonly batch: number;
}

export function readGolden(name: string): { record: GoldenRecord; tensors: NamedTensors } {
  const record = JSON.parse(readFileSync(`${fixtures}${name}/golden.json`, 'utf8')) as GoldenRecord;
  const file = `${fixtures}${name}/golden.safetensors`;
  return { record, tensors: decodeSafetensors(readFileSync(file), file).tensors };
}

export async function openFixture(name: string) {
  const checkpoint = await openCheckpoint(`${fixtures}${name}`);
  return { ...checkpoint, weights: await checkpoint.readWeights() };
}

/** Weights as parameters, without adapters. */
function plainLayers(graph: Graph, network: Network): { layers: Layers; parameters: ReadonlyMap<string, Value> } {
  const parameters = new Map([...network.weights].map(([name, { shape }]) => [name, graph.parameter(name, shape)]));
  const weight = (name: string) => {
    const value = parameters.get(name);
    if (!value) throw new Error(`the network asked for ${name}, which it does not declare`);
    return value;
  };
  const linear: Layers['linear'] = (x, name, { bias, transposed = false, outputs } = {}) => {
    if (!network.linears.includes(name)) throw new Error(`${name} is not among the linears`);
    const cut = (value: Value, axis: number) => (outputs ? slice(value, axis, ...outputs) : value);
    const product = matmul(x, cut(weight(name), transposed ? 0 : 1), { transposeB: transposed });
    return bias === undefined ? product : add(product, cut(weight(bias), 0));
  };
  return { layers: { weight, linear }, parameters };
}

/** Token ids as a batch padded on the right with `padding`. */
function batchFeeds(ids: readonly (readonly number[])[], tokens: number, padding: number) {
  const padded = new Int32Array(ids.length * tokens).fill(padding);
  ids.forEach((row, i) => {
    padded.set(row, i * tokens);
  });
  const positions = Int32Array.from(ids, (row) => row.length - 1);
  return { ids: padded, 'last-positions': positions, 'last-rows': positions.map((last, i) => i * tokens + last) };
}

export interface RunOptions {
  readonly read?: ReadPositions;
  /** Tokens per text. @default the longest text's */
  readonly tokens?: number;
  /** @default 0 */
  readonly padding?: number;
  readonly threads?: number;
}

/** Builds a network for a batch of token ids, runs what `outputs` picks, and returns it by name. */
export async function runNetwork<Name extends string>(
  { network, weights }: { readonly network: Network; readonly weights: NamedTensors },
  ids: readonly (readonly number[])[],
  outputs: (built: NetworkOutputs, parameters: ReadonlyMap<string, Value>, inputs: TextInputs) => Record<Name, Value>,
  options: RunOptions = {},
): Promise<Record<Name, Float32Array>> {
  const { read = 'all', tokens = Math.max(...ids.map(({ length }) => length)), padding = 0, threads = 1 } = options;
  const graph = new Graph();
  const batch = ids.length;
  const { layers, parameters } = plainLayers(graph, network);
  const inputs: TextInputs = {
    graph,
    batch,
    tokens,
    ids: graph.input('ids', [batch, tokens], 'int32'),
    lastPositions: graph.input('last-positions', [batch], 'int32'),
    lastRows: graph.input('last-rows', [batch], 'int32'),
  };
  const session = await createSession(graph, outputs(network.build(inputs, layers, read), parameters, inputs), {
    threads,
  });
  const feeds = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const results = await session.run({ ...feeds, ...batchFeeds(ids, tokens, padding) });
  await session.dispose();
  return results;
}

/** Rows of the real tokens of (batch · tokens × n), texts one behind the other. */
export function realRows(data: Float32Array, ids: readonly (readonly number[])[], tokens: number): Float32Array {
  const columns = data.length / (ids.length * tokens);
  const rows = ids.map((row, i) => data.subarray(i * tokens * columns, (i * tokens + row.length) * columns));
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

/** ‖a − b‖∞ / ‖b‖∞. */
export function relativeError(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let [difference, largest] = [0, 0];
  a.forEach((value, i) => {
    const apart = Math.abs(value - (b[i] as number));
    if (!(apart <= difference)) difference = apart;
    largest = Math.max(largest, Math.abs(b[i] as number));
  });
  return difference / largest;
}
