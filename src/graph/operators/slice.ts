import { resolveAxis } from '../axes.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';

/** Elements `start` (included) to `end` (excluded) along one axis; 0 ≤ start < end ≤ length. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = resolveAxis('slice', x, axis);
  const length = x.shape[at] as number;
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= length)) {
    throw shapeError('slice', `range (${start} to ${end})`, `inside axis ${at}`, [x.shape]);
  }
  const bounds = [[start], [end], [at]].map((list) => x.graph.integers(list));
  const shape = x.shape.map((dimension, i) => (i === at ? end - start : dimension));
  return x.graph.emit({ operator: 'Slice', inputs: [x, ...bounds] }, shape, x.dtype);
}

/** Zeros added before and after along one axis. */
function pad(x: Value, axis: number, before: number, after: number): Value {
  const shape = x.shape.map((dimension, i) => (i === axis ? before + dimension + after : dimension));
  const pads = [before, after].flatMap((count) => x.shape.map((_, i) => (i === axis ? count : 0)));
  return x.graph.emit({ operator: 'Pad', inputs: [x, x.graph.integers(pads)] }, shape, x.dtype);
}

export const sliceRules = {
  Slice: singleOutputRule((g, [x, start, end, axes]) => {
    const integer = (value: Value | undefined) => Number(x.graph.constants.get((value as Value).name)?.data[0]);
    const axis = integer(axes);
    return [pad(g, axis, integer(start), (x.shape[axis] as number) - integer(end)), undefined, undefined, undefined];
  }),
} as const;
