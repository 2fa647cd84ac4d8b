import { resolveAxis } from '../axes.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';

/** Puts values of one type one after another along an axis; their other dimensions must agree. */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw shapeError('concat', 'values', 'at least one', []);
  const at = resolveAxis('concat', first, axis);
  const masked = (value: Value) => value.shape.map((dimension, i) => (i === at ? 0 : dimension));
  for (const value of values) {
    if (sameShape(masked(value), masked(first)) && value.dtype === first.dtype) continue;
    throw shapeError('concat', `shapes except along axis ${at}`, 'equal', [first.shape, value.shape]);
  }
  const length = values.reduce((sum, value) => sum + (value.shape[at] as number), 0);
  const shape = first.shape.map((dimension, i) => (i === at ? length : dimension));
  return first.graph.emit({ operator: 'Concat', inputs: values, attributes: { axis: at } }, shape, first.dtype);
}

/** Cuts a value along an axis into parts of the given lengths (a number: that many equal parts). */
export function split(x: Value, axis: number, parts: number | readonly number[]): readonly Value[] {
  const at = resolveAxis('split', x, axis);
  const whole = x.shape[at] as number;
  const lengths = typeof parts === 'number' ? Array<number>(parts).fill(whole / parts) : parts;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== whole || !lengths.every(Number.isInteger)) {
    throw shapeError('split', `parts (${lengths.join(', ')})`, `whole numbers whose sum is axis ${at}`, [x.shape]);
  }
  const shapes = lengths.map((length) => x.shape.map((dimension, i) => (i === at ? length : dimension)));
  const inputs = [x, x.graph.integers(lengths)];
  return x.graph.emitAll({ operator: 'Split', inputs, attributes: { axis: at } }, shapes, x.dtype);
}

const concatRule: GradientRule = ({ inputs, attributes }, [g]) => {
  if (!g) return [];
  const axis = resolveAxis('concat', g, attributes.axis as number);
  return split(
    g,
    axis,
    inputs.map((input) => input?.shape[axis] as number),
  );
};

const splitRule: GradientRule = ({ outputs, attributes }, gradients) => {
  const all = outputs.map((output, i) => gradients[i] ?? output.graph.filled(0, output.shape));
  return [concat(all, (attributes.axis as number | undefined) ?? 0), undefined];
};

export const concatRules = { Concat: concatRule, Split: splitRule } as const;
