import { readFileSync } from 'node:fs';
import type { Graph, Value } from '../../../src/graph/graph.ts';
import type { Layers } from '../../../src/models/network.ts';
import { productOf } from '../../../src/models/products.ts';

export interface Golden {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What onnx_fixtures.py found in PyTorch, in float64. */
export interface GoldenModel {
  readonly inputs: Readonly<Record<string, Golden>>;
  readonly hidden: readonly Golden[];
  readonly logits?: Golden;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Golden>>;
}

export function fixture(name: string): string {
  return new URL(`../../fixtures/onnx/${name}`, import.meta.url).pathname;
}

export function goldenOf(name: string): GoldenModel {
  return JSON.parse(readFileSync(fixture(`${name}.golden.json`), 'utf8'));
}

/** Weights as parameters of the graph, products as they are. */
export function plainLayers(graph: Graph, shapes: ReadonlyMap<string, { readonly shape: readonly number[] }>) {
  const weights = new Map<string, Value>();
  const weight = (name: string): Value => {
    const value = weights.get(name) ?? graph.parameter(name, shapes.get(name)?.shape ?? []);
    weights.set(name, value);
    return value;
  };
  const layers: Layers = {
    weight,
    linear: (x, name, { bias, ...options } = {}) =>
      productOf(x, weight(name), { ...options, bias: bias === undefined ? undefined : weight(bias) }),
  };
  return { weights, layers };
}

/** The largest difference as a share of the largest number; infinite where lengths differ. */
export function relativeError(
  actual: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  counts: (i: number) => boolean = () => true,
): number {
  if (actual?.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (!counts(i)) continue;
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)));
    scale = Math.max(scale, Math.abs(expected[i] as number));
  }
  return difference / scale;
}

/** A matrix with rows and columns exchanged. */
export function transposed({ shape, data }: Golden): Golden {
  const [rows, columns] = shape as readonly [number, number];
  return {
    shape: [columns, rows],
    data: data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] as number),
  };
}
