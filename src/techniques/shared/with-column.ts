import type { Matrix } from '../../core/models.ts';

/** A copy of a matrix with other values in one column. @param values (rows) */
export function withColumn({ rows, columns, data }: Matrix, column: number, values: ArrayLike<number>): Matrix {
  const changed = data.slice();
  for (let row = 0; row < rows; row++) changed[row * columns + column] = values[row] as number;
  return { rows, columns, data: changed };
}
