import type { Value } from '../graph/graph.ts';
import { linear, reshape, slice } from '../graph/operators.ts';

export interface ProductOptions {
  /** (outputs) */
  readonly bias?: Value | undefined;
  /** The weight is (outputs × inputs). @default false: (inputs × outputs) */
  readonly transposed?: boolean;
  /** Only outputs in [from, to). @default all */
  readonly outputs?: readonly [from: number, to: number];
}

/** x · W + bias over the last axis of x as one Gemm, whichever way W lies. */
export function productOf(x: Value, weight: Value, { bias, transposed = false, outputs }: ProductOptions): Value {
  if (outputs) {
    const [from, to] = outputs;
    const [w, b] = [slice(weight, transposed ? 0 : 1, from, to), bias && slice(bias, 0, from, to)];
    return productOf(x, w, { bias: b, transposed });
  }
  return transposed ? transposedLinear(x, weight, bias) : linear(x, weight, bias);
}

function transposedLinear(x: Value, weight: Value, bias?: Value): Value {
  const [outputs, inputs] = weight.shape as readonly [number, number];
  const rows = reshape(x, [-1, inputs]);
  const spec = { operator: 'Gemm', inputs: bias ? [rows, weight, bias] : [rows, weight], attributes: { transB: 1 } };
  const y = x.graph.emit(spec, [rows.shape[0] as number, outputs]);
  return reshape(y, [...x.shape.slice(0, -1), outputs]);
}
