import { expected } from '../core/errors.ts';
import { type Eigenpairs, symmetricEigen } from './symmetric-eigen.ts';

export interface PseudoInverseOptions {
  /** Eigenvalues of at most this absolute value count as 0 (GoT: 1e-3). @default 0 */
  readonly absolute?: number;
  /** So do those of at most this share of the largest absolute value. @default size · 2.2e-16 */
  readonly relative?: number;
}

export interface PseudoInverse {
  /** (size × size) row-major. */
  readonly inverse: Float64Array;
  /** How many eigenvalues counted. */
  readonly rank: number;
}

/**
 * Moore–Penrose inverse of a symmetric matrix, which need not be definite, by its eigenvalues; cutoffs as in methods.md 14.2.
 * @param matrix (size × size)
 * @throws UserError (`length`, `not-finite`) when it is not square or holds a value that is not finite, (`out-of-range`)
 * for a negative cutoff.
 */
export function pseudoInverse(matrix: Float64Array, size: number, options: PseudoInverseOptions = {}): PseudoInverse {
  const { absolute = 0, relative = size * Number.EPSILON } = options;
  if (matrix.length !== size * size) {
    throw expected('length', 'the matrix', `${size} × ${size}`, `${matrix.length} numbers`, 'Give a square matrix.');
  }
  if (!matrix.every(Number.isFinite)) {
    throw expected('not-finite', 'the matrix', 'finite', 'NaN or Infinity', 'Look at what computed it.');
  }
  if (!(absolute >= 0 && relative >= 0)) {
    throw expected('out-of-range', 'cutoffs', 'at least 0', `${absolute} and ${relative}`, 'Give no negative cutoff.');
  }
  const pairs = symmetricEigen(matrix, size);
  const largest = pairs.values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const cutoff = Math.max(absolute, relative * largest);
  const inverses = pairs.values.map((value) => (Math.abs(value) > cutoff ? 1 / value : 0));
  return { inverse: spectralSum(pairs, inverses, size), rank: inverses.filter((value) => value !== 0).length };
}

/** Σ factorₖ · uₖ uₖᵀ */
export function spectralSum({ vectors }: Eigenpairs, factors: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size * size);
  factors.forEach((factor, k) => {
    if (factor === 0) return;
    const row = vectors.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++) {
      const scaled = factor * (row[i] as number);
      for (let j = 0; j < size; j++) (sum[i * size + j] as number) += scaled * (row[j] as number);
    }
  });
  return sum;
}
