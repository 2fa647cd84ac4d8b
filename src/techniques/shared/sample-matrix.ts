import type { Matrix } from '../../core/models.ts';
import type { Rng } from '../../core/random.ts';

/** At most `most` rows drawn without replacement, in random order; the matrix itself when it has no more. */
export function sampleMatrix(matrix: Matrix, most: number, rng: Rng): Matrix {
  if (matrix.rows <= most) return matrix;
  const { columns, data } = matrix;
  const drawn = new Float32Array(most * columns);
  const rows = rng.sample(
    Array.from({ length: matrix.rows }, (_, row) => row),
    most,
  );
  rows.forEach((row, k) => {
    drawn.set(data.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  return { rows: most, columns, data: drawn };
}
