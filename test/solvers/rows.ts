import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import type { RowSource } from '../../src/solvers/row-source.ts';

/** Correlated rows with falling variances, off 0 by `shift`. */
export function randomRows(seed: number, rows: number, columns: number, shift = 0): Matrix {
  const rng = createRng(seed, 'solver-rows');
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    let last = 0;
    for (let j = 0; j < columns; j++) {
      last = 0.5 * last + rng.normal();
      data[i * columns + j] = (3 * last) / (1 + j) ** 0.5 + shift;
    }
  }
  return { rows, columns, data };
}

/** The same rows in chunks of the given numbers of rows, over and over. */
export function sharded({ rows, columns, data }: Matrix, sizes: readonly number[]): RowSource {
  return {
    rows,
    columns,
    async *chunks() {
      for (let start = 0, k = 0; start < rows; k++) {
        const end = Math.min(rows, start + (sizes[k % sizes.length] as number));
        yield data.slice(start * columns, end * columns);
        start = end;
      }
    },
  };
}

/** Mean and covariance over `rows`, straight from their definitions. */
export function slowMoments({ rows, columns, data }: Matrix) {
  const mean = Float64Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * columns + j] as number;
    return sum / rows;
  });
  const scatter = Float64Array.from({ length: columns * columns }, (_, k) => {
    const [a, b] = [Math.floor(k / columns), k % columns];
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      sum +=
        ((data[i * columns + a] as number) - (mean[a] as number)) *
        ((data[i * columns + b] as number) - (mean[b] as number));
    }
    return sum;
  });
  return { rows, mean, scatter };
}

/** Largest difference relative to the largest value. */
export function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [most, size] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    most = Math.max(most, Math.abs((got[i] as number) - (wanted[i] as number)));
    size = Math.max(size, Math.abs(wanted[i] as number));
  }
  return got.length === wanted.length ? most / size : Number.POSITIVE_INFINITY;
}
