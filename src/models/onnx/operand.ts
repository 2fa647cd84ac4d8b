import type { DType, Value } from '../../graph/graph.ts';

/** A tensor whose numbers are known while the graph is built: shapes, axes, masks made of ranges. */
export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Row-major; whole numbers beyond ±2⁵³ are rounded. */
  readonly data: Float64Array;
}

/** A weight not yet asked for as a value, so that a product with it can go through the network's layers. */
export interface WeightUse {
  readonly kind: 'weight';
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
  /** Whether it stands for the weight's transpose. */
  readonly transposed: boolean;
}

/** x · weight, not yet asked for as a value, so that a bias added next becomes part of the product. */
export interface Product {
  readonly kind: 'product';
  readonly x: Value;
  readonly weight: WeightUse;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/** What the name of an ONNX value stands for while a graph is built. */
export type Operand = Value | Constant | WeightUse | Product;

export function isConstant(operand: Operand | undefined): operand is Constant {
  return operand !== undefined && 'kind' in operand && operand.kind === 'constant';
}

export function isWeight(operand: Operand | undefined): operand is WeightUse {
  return operand !== undefined && 'kind' in operand && operand.kind === 'weight';
}
