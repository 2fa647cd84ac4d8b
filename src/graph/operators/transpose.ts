import { resolveAxis } from '../axes.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';

/** Reorders axes: axis i of the result is axis `order[i]` of x; without an order, reverses them. Copies; see `matmul`'s flags first. */
export function transpose(x: Value, order: readonly number[] = x.shape.map((_, axis) => -1 - axis)): Value {
  const perm = order.map((axis) => resolveAxis('transpose', x, axis));
  if (perm.length !== x.shape.length || new Set(perm).size !== perm.length) {
    throw shapeError('transpose', `order (${order.join(', ')})`, 'each axis once', [x.shape]);
  }
  const shape = perm.map((axis) => x.shape[axis] as number);
  return x.graph.emit({ operator: 'Transpose', inputs: [x], attributes: { perm } }, shape, x.dtype);
}

export const transposeRules = {
  Transpose: singleOutputRule((g, [x], _, node) => {
    const perm = (node.attributes.perm as readonly number[] | undefined) ?? x.shape.map((_, axis) => -1 - axis);
    const order = perm.map((axis) => resolveAxis('transpose', x, axis));
    return [
      transpose(
        g,
        order.map((_, axis) => order.indexOf(axis)),
      ),
    ];
  }),
} as const;
