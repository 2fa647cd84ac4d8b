import { type Cholesky, choleskyInPlace } from './cholesky.ts';
import type { DenseProducts } from './dense-products.ts';

/** Columns that are factored at a time. */
const panel = 128;

/**
 * Cholesky factor of a symmetric positive definite matrix, (size × size) row-major, in float64; large ones in panels whose
 * products the engine takes (left-looking, so that all products have the same two shapes). A pivot ≤ 0 gives NaN.
 */
export async function factorise(matrix: Float64Array, size: number, products: DenseProducts): Promise<Cholesky> {
  if (size <= 2 * panel) return choleskyInPlace(matrix.slice(), size);
  const lower = new Float64Array(size * size);
  for (let start = 0; start < size; start += panel) {
    const width = Math.min(panel, size - start);
    const columns = await remaining(matrix, lower, size, start, width, products);
    const top = choleskyInPlace(columns.slice(start * width, (start + width) * width), width);
    const solved = await products.multiply(
      { rows: size, columns: width, data: columns },
      { rows: width, columns: width, data: inverseLower(top) },
      { transposeB: true },
    );
    for (let i = start; i < size; i++) {
      const row = solved.data.subarray(i * width, (i + 1) * width);
      lower.set(i < start + width ? row.subarray(0, i - start + 1) : row, i * size + start);
    }
  }
  return { size, lower };
}

/** (size × width) the panel's columns less what the columns before it explain. */
async function remaining(
  matrix: Float64Array,
  lower: Float64Array,
  size: number,
  start: number,
  width: number,
  products: DenseProducts,
): Promise<Float64Array> {
  const whole = { rows: size, columns: size, data: lower };
  const rows = { rows: width, columns: size, data: lower.subarray(start * size, (start + width) * size) };
  const explained = await products.multiply(whole, rows, { transposeB: true });
  return explained.data.map((value, k) => {
    const [i, j] = [Math.floor(k / width), k % width];
    return (matrix[i * size + start + j] as number) - value;
  });
}

/** L⁻¹, row-major. */
export function inverseLower({ size, lower }: Cholesky): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const pivot = 1 / (lower[i * size + i] as number);
    for (let k = 0; k < i; k++) {
      const factor = -(lower[i * size + k] as number) * pivot;
      for (let j = 0; j <= k; j++) (inverse[i * size + j] as number) += factor * (inverse[k * size + j] as number);
    }
    inverse[i * size + i] = pivot;
  }
  return inverse;
}
