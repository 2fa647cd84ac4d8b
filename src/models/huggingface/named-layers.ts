import type { Value } from '../../graph/graph.ts';
import { gather, layerNorm, matmul } from '../../graph/operators.ts';
import type { Layers } from '../network.ts';

/** x through PyTorch's Linear of this name. */
export function dense(layers: Layers, x: Value, name: string, options: { readonly bias: boolean }): Value {
  return layers.linear(x, `${name}.weight`, { transposed: true, ...(options.bias && { bias: `${name}.bias` }) });
}

/** x through PyTorch's LayerNorm of this name. */
export function norm(layers: Layers, x: Value, name: string, epsilon: number): Value {
  return layerNorm(x, layers.weight(`${name}.weight`), layers.weight(`${name}.bias`), epsilon);
}

/** Rows of x at int32 indices, or all. */
export function rowsOf(x: Value, rows: Value | undefined): Value {
  return rows ? gather(x, rows) : x;
}

interface TokenLogitsOptions {
  readonly linears: readonly string[];
  /** Rows of x, all where undefined. */
  readonly rows: Value | undefined;
}

/** Token logits; no adapter applies to a weight that is the embedding as well. */
export function tokenLogits(layers: Layers, states: Value, weight: string, options: TokenLogitsOptions): Value {
  const { linears, rows } = options;
  const x = rowsOf(states, rows);
  if (linears.includes(weight)) return layers.linear(x, weight, { transposed: true });
  return matmul(x, layers.weight(weight), { transposeB: true });
}
