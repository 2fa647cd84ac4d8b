import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';

/** x ↦ x − left · right · (x − mean). */
export interface Eraser {
  /** (columns) */
  readonly mean: Float64Array;
  /** (rank × columns) row-major: the columns of `left`, one after another. */
  readonly left: Float64Array;
  /** (rank × columns) row-major. */
  readonly right: Float64Array;
  /** Directions removed. */
  readonly rank: number;
}

/**
 * The rows with the concept erased, computed in float64.
 * @throws UserError (`columns`) when the rows have not as many columns as those of the fit.
 */
export function erase(matrix: Matrix, eraser: Eraser): Matrix {
  const { mean, left, right, rank } = eraser;
  const { rows, columns, data } = matrix;
  requireColumns(columns, mean.length);
  const erased = new Float32Array(data.length);
  const row = new Float64Array(columns);
  const along = new Float64Array(rank);
  for (let start = 0; start < rows * columns; start += columns) {
    for (let j = 0; j < columns; j++) row[j] = (data[start + j] as number) - (mean[j] as number);
    for (let k = 0; k < rank; k++) along[k] = dot(right, k * columns, row);
    for (let k = 0; k < rank; k++) {
      const factor = along[k] as number;
      for (let j = 0; j < columns; j++) (row[j] as number) -= factor * (left[k * columns + j] as number);
    }
    for (let j = 0; j < columns; j++) erased[start + j] = (row[j] as number) + (mean[j] as number);
  }
  return { rows, columns, data: erased };
}

/** @throws UserError (`columns`) */
export function requireColumns(got: number, wanted: number): void {
  if (got === wanted) return;
  const next = 'Use the same layer of the same model for both.';
  throw expected('columns', 'the number of feature columns', `the ${wanted} of the fit`, got, next);
}

function dot(rows: Float64Array, start: number, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += (rows[start + j] as number) * (x[j] as number);
  return sum;
}
