/** A lower-triangular factor L of a symmetric matrix A = L·Lᵀ. */
export interface Cholesky {
  readonly size: number;
  /** (size × size) row-major; above the diagonal it holds nothing of meaning. */
  readonly lower: Float64Array;
}

/** Factors a symmetric positive definite matrix given by its lower triangle, in place. A pivot ≤ 0 gives NaN. */
export function choleskyInPlace(lower: Float64Array, size: number): Cholesky {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * size + j] as number);
    }
  }
  return { size, lower };
}

/** Overwrites the first `size` entries of `vector`, b, with L⁻¹b. */
export function solveLower({ size, lower }: Cholesky, vector: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = vector[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[i * size + k] as number) * (vector[k] as number);
    vector[i] = sum / (lower[i * size + i] as number);
  }
}

/** Overwrites the first `size` entries of `vector`, b, with L⁻ᵀb. */
export function solveUpper({ size, lower }: Cholesky, vector: Float64Array): void {
  for (let i = size - 1; i >= 0; i--) {
    const solved = (vector[i] as number) / (lower[i * size + i] as number);
    vector[i] = solved;
    for (let k = 0; k < i; k++) (vector[k] as number) -= (lower[i * size + k] as number) * solved;
  }
}
