import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape, sizeOf } from '../shapes.ts';

/** The same elements, row-major, in another shape of equal size; free at run time. One dimension may be −1: what is left. */
export function reshape(x: Value, shape: readonly number[]): Value {
  const target = resolveFreeDimension(x, shape);
  if (sizeOf(target) !== sizeOf(x.shape) || !target.every(Number.isInteger)) {
    throw shapeError('reshape', 'shapes', 'equal in their number of elements', [x.shape, shape]);
  }
  if (sameShape(target, x.shape)) return x;
  return x.graph.emit({ operator: 'Reshape', inputs: [x, x.graph.integers(target)] }, target, x.dtype);
}

export const reshapeRules = {
  Reshape: singleOutputRule((g, [x]) => [reshape(g, x.shape), undefined]),
} as const;

function resolveFreeDimension(x: Value, shape: readonly number[]): readonly number[] {
  const free = shape.indexOf(-1);
  if (free < 0) return shape;
  const rest = sizeOf(shape.filter((_, axis) => axis !== free));
  return shape.map((dimension, axis) => (axis === free ? sizeOf(x.shape) / rest : dimension));
}
