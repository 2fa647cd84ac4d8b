import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface Eigenpairs {
  /** (k), from the largest on. */
  readonly values: Float64Array;
  /** (k × size) row-major, orthonormal rows; the largest component by absolute value of each is positive. */
  readonly vectors: Float64Array;
}

/** All eigenpairs of a symmetric (size × size) matrix in float64, by Householder's reduction and implicit QL (ml-matrix). */
export function symmetricEigen(matrix: Float64Array, size: number): Eigenpairs {
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  const order = values.map((_, index) => index).sort((a, b) => (values[b] as number) - (values[a] as number));
  const columns = decomposition.eigenvectorMatrix;
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let j = 0; j < size; j++) vectors[to * size + j] = columns.get(j, from);
  });
  orientRows(vectors, size);
  return { values: Float64Array.from(order, (from) => values[from] as number), vectors };
}

/** Turns each row so that its largest component by absolute value is positive: the sign of an eigenvector is arbitrary. */
export function orientRows(vectors: Float64Array, size: number): void {
  for (let start = 0; start < vectors.length; start += size) {
    const row = vectors.subarray(start, start + size);
    const largest = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) row.set(row.map((value) => -value));
  }
}
