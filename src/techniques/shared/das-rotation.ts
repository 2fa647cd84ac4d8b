/** Orthogonal d × d matrices, row-major, in float64, and what is done with them; rows are vectors of length d. */

export function identityRotation(dimensions: number): Float64Array {
  return Float64Array.from({ length: dimensions ** 2 }, (_, cell) => Number(cell % (dimensions + 1) === 0));
}

/** R x of each row x. */
export function rotate(rows: Float64Array, rotation: Float64Array, dimensions: number): Float64Array {
  const turned = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += dimensions) {
    for (let i = 0; i < dimensions; i++) {
      let sum = 0;
      const row = i * dimensions;
      for (let j = 0; j < dimensions; j++) sum += (rotation[row + j] as number) * (rows[start + j] as number);
      turned[start + i] = sum;
    }
  }
  return turned;
}

/** Rᵀ y of each row y. */
export function rotateBack(rows: Float64Array, rotation: Float64Array, dimensions: number): Float64Array {
  const turned = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += dimensions) {
    for (let i = 0; i < dimensions; i++) {
      const value = rows[start + i] as number;
      const row = i * dimensions;
      for (let j = 0; j < dimensions; j++) (turned[start + j] as number) += value * (rotation[row + j] as number);
    }
  }
  return turned;
}

/**
 * The rotation turned further by the Cayley transform of a skew-symmetric A, (I − A/2)⁻¹ (I + A/2) R, which is orthogonal
 * whatever A is; for small A it is exp(A) R up to third order. A is given above its diagonal, row by row.
 */
export function turnRotation(rotation: Float64Array, skew: ArrayLike<number>, dimensions: number): Float64Array {
  // I + A/2 = 2I − (I − A/2), which saves a product.
  const solved = solve(identityMinusHalf(skew, dimensions), rotation, dimensions);
  return solved.map((value, cell) => 2 * value - (rotation[cell] as number));
}

/** Cells above the diagonal of a d × d matrix. */
export function skewLength(dimensions: number): number {
  return (dimensions * (dimensions - 1)) / 2;
}

/** I − A/2, (d × d). */
function identityMinusHalf(skew: ArrayLike<number>, dimensions: number): Float64Array {
  const matrix = identityRotation(dimensions);
  let next = 0;
  for (let i = 0; i < dimensions; i++) {
    for (let j = i + 1; j < dimensions; j++) {
      const half = (skew[next++] as number) / 2;
      matrix[i * dimensions + j] = -half;
      matrix[j * dimensions + i] = half;
    }
  }
  return matrix;
}

/**
 * Solves L X = B by elimination, row by row; L is used up. L = I − A/2 needs no pivoting, since its symmetric part is the
 * identity.
 */
function solve(left: Float64Array, right: Float64Array, dimensions: number): Float64Array {
  const solution = right.slice();
  for (let i = 0; i < dimensions; i++) {
    const row = left.subarray(i * dimensions, (i + 1) * dimensions);
    for (let k = 0; k < i; k++) {
      const factor = (row[k] as number) / (left[k * dimensions + k] as number);
      row[k] = factor;
      const pivotRow = left.subarray(k * dimensions, (k + 1) * dimensions);
      for (let j = k + 1; j < dimensions; j++) (row[j] as number) -= factor * (pivotRow[j] as number);
    }
    subtractRows(solution, i, 0, row.subarray(0, i), dimensions);
  }
  for (let i = dimensions - 1; i >= 0; i--) {
    const row = left.subarray(i * dimensions, (i + 1) * dimensions);
    subtractRows(solution, i, i + 1, row.subarray(i + 1), dimensions);
    for (let j = 0; j < dimensions; j++) (solution[i * dimensions + j] as number) /= row[i] as number;
  }
  return solution;
}

/** Row `to` minus Σ_k factors_k · row (`from` + k), four rows at a time: one alone would wait for memory. */
function subtractRows(matrix: Float64Array, to: number, from: number, factors: Float64Array, columns: number): void {
  const rowAt = (row: number) => matrix.subarray(row * columns, (row + 1) * columns);
  const target = rowAt(to);
  const last = from + factors.length - 1;
  for (let k = 0; k < factors.length; k += 4) {
    // Past the last row the factor is 0, and the last row stands in.
    const [f0 = 0, f1 = 0, f2 = 0, f3 = 0] = factors.subarray(k, k + 4);
    const [r0, r1, r2, r3] = [0, 1, 2, 3].map((next) => rowAt(Math.min(from + k + next, last))) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let j = 0; j < columns; j++) {
      (target[j] as number) -=
        f0 * (r0[j] as number) + f1 * (r1[j] as number) + f2 * (r2[j] as number) + f3 * (r3[j] as number);
    }
  }
}
