import type { Value } from '../../graph/graph.ts';
import { layerNorm, matmul } from '../../graph/operators.ts';
import type { Layers } from '../network.ts';

/** x through PyTorch's Linear of this name. */
export function dense(layers: Layers, x: Value, name: string, options: { readonly bias: boolean }): Value {
  return layers.linear(x, `${name}.weight`, { transposed: true, ...(options.bias && { bias: `${name}.bias` }) });
}

/** x through PyTorch's LayerNorm of this name. */
export function norm(layers: Layers, x: Value, name: string, epsilon: number): Value {
  return layerNorm(x, layers.weight(`${name}.weight`), layers.weight(`${name}.bias`), epsilon);
}

/** Token logits; no adapter applies to a weight that is the embedding as well. */
export function tokenLogits(layers: Layers, x: Value, weight: string, linears: readonly string[]): Value {
  if (linears.includes(weight)) return layers.linear(x, weight, { transposed: true });
  return matmul(x, layers.weight(weight), { transposeB: true });
}
