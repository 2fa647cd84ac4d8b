/** Arithmetic on tensors whose numbers are known while the graph is built. */
import type { DType } from '../../graph/graph.ts';
import { sizeOf } from '../../graph/shapes.ts';
import type { Constant } from './operand.ts';

/** Larger results are left to the graph: nothing a shape depends on is this large. */
const mostElements = 1 << 14;

/** A constant, its numbers brought to what `dtype` can hold. */
export function constantOf(shape: readonly number[], dtype: DType, data: ArrayLike<number>): Constant {
  return { kind: 'constant', shape, dtype, data: Float64Array.from(data, roundings[dtype]) };
}

/** The constant with `at(index)` everywhere; undefined when there would be too many elements. */
export function generate(
  shape: readonly number[],
  dtype: DType,
  at: (index: readonly number[]) => number,
): Constant | undefined {
  const size = sizeOf(shape);
  if (size > mostElements) return undefined;
  const index = shape.map(() => 0);
  const data = Float64Array.from({ length: size }, () => {
    const value = at(index);
    advance(index, shape);
    return value;
  });
  return constantOf(shape, dtype, data);
}

/** The element at an index whose leading and length-1 axes broadcast. */
export function elementAt({ shape, data }: Constant, index: readonly number[]): number {
  const lead = index.length - shape.length;
  let flat = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis] as number;
    flat = flat * length + (length === 1 ? 0 : (index[axis + lead] as number));
  }
  return data[flat] as number;
}

const wholeNumber = (x: number) => (Number.isFinite(x) ? Math.trunc(x) : 0);
const roundings: Readonly<Record<DType, (x: number) => number>> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: wholeNumber,
  int64: wholeNumber,
  bool: (x) => (x === 0 ? 0 : 1),
};

/** The next index in row-major order, in place. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = (index[axis] as number) + 1;
    if ((index[axis] as number) < (shape[axis] as number)) return;
    index[axis] = 0;
  }
}
