import type { Matrix } from '../../core/models.ts';

/** The rows of a matrix at these positions, in this order. */
export function pickRows({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { rows: rows.length, columns, data: picked };
}
