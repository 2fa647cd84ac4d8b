import type { Matrix } from '../../../src/core/models.ts';

/** A matrix as golden files hold it. */
export interface Listed {
  readonly rows: number;
  readonly columns: number;
  readonly data: readonly number[];
}

export function matrixOf({ rows, columns, data }: Listed): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}
