import type { Value } from './graph.ts';
import { shapeError } from './shape-error.ts';

/** An axis counted from the start; −1 is the last. @throws ShapeError when the value has no such axis. */
export function resolveAxis(operator: string, value: Value, axis: number): number {
  const rank = value.shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw shapeError(operator, `axis (${axis})`, `a whole number from ${-rank} to ${rank - 1}`, [value.shape]);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The axes counted from the start, in order, without repeats; all of them when `axes` is undefined. */
export function resolveAxes(operator: string, value: Value, axes?: number | readonly number[]): readonly number[] {
  if (axes === undefined) return value.shape.map((_, axis) => axis);
  const list = typeof axes === 'number' ? [axes] : axes;
  return [...new Set(list.map((axis) => resolveAxis(operator, value, axis)))].sort((a, b) => a - b);
}
