import { singleOutputRule } from '../gradient-rule.ts';
import type { DType, Value } from '../graph.ts';

/** ONNX's TensorProto.DataType of each element type. */
const dataTypes = { float32: 1, float64: 11, int32: 6, int64: 7, bool: 9 } as const satisfies Record<DType, number>;

/** x with its elements as another type: floats to integers toward zero, numbers to bool by whether they differ from 0. */
export function cast(x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  return x.graph.emit({ operator: 'Cast', inputs: [x], attributes: { to: dataTypes[dtype] } }, x.shape, dtype);
}

export const castRules = {
  // A cast from or to anything but floats is a step function, or of no float at all.
  Cast: singleOutputRule(() => [undefined]),
} as const;
