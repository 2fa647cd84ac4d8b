import { createRng } from '../core/random.ts';
import { choleskyInPlace } from './cholesky.ts';
import type { Dense, DenseProducts } from './dense-products.ts';
import { inverseLower } from './factorise.ts';
import { type Eigenpairs, orientRows, symmetricEigen } from './symmetric-eigen.ts';

/** Residual ‖A·u − θ·u‖ relative to θ at which a pair counts as found; the error of θ is of its square. */
const tolerance = 1e-5;
const mostCycles = 60;
/** Growth of the largest direction over the smallest wanted one within a cycle that float64 bears. */
const mostGrowth = 1e9;

/**
 * The `count` largest eigenpairs of a symmetric positive semidefinite (size × size) matrix: Chebyshev-filtered subspace
 * iteration with Rayleigh–Ritz projections (Zhou, Saad, Tiago and Chelikowsky 2006), products by the engine in float64.
 * Small matrices, and a large share of the pairs, take all eigenpairs instead.
 */
export async function topEigenpairs(
  matrix: Float64Array,
  size: number,
  count: number,
  products: DenseProducts,
): Promise<Eigenpairs> {
  const block = count + Math.max(12, Math.ceil(count / 4));
  if (size <= 128 || block > size / 2) return first(symmetricEigen(matrix, size), size, count);
  if (matrix.every((value) => value === 0)) return nothing(size, count);
  const whole = { rows: size, columns: size, data: matrix };
  let basis = await orthonormal(await products.multiply(whole, randomBlock(size, block)), products);
  for (let cycle = 0; ; cycle++) {
    const ritz = await rayleighRitz(whole, basis, products);
    if (cycle >= mostCycles || isFound(ritz, count)) return first(transposed(ritz), size, count);
    basis = await orthonormal(await filtered(whole, ritz, count, products), products);
  }
}

/** Ritz values from the largest on, Ritz vectors u (size × block) and A·u. */
interface Ritz {
  readonly values: Float64Array;
  readonly vectors: Dense;
  readonly images: Dense;
}

async function rayleighRitz(matrix: Dense, basis: Dense, products: DenseProducts): Promise<Ritz> {
  const image = await products.multiply(matrix, basis);
  const projected = await products.multiply(basis, image, { transposeA: true });
  const { values, vectors } = symmetricEigen(projected.data, basis.columns);
  const rotation = { rows: basis.columns, columns: basis.columns, data: vectors };
  return {
    values,
    vectors: await products.multiply(basis, rotation, { transposeB: true }),
    images: await products.multiply(image, rotation, { transposeB: true }),
  };
}

function isFound({ values, vectors, images }: Ritz, count: number): boolean {
  const { rows, columns } = vectors;
  const squares = new Float64Array(count);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) {
      const k = i * columns + j;
      (squares[j] as number) += ((images.data[k] as number) - (values[j] as number) * (vectors.data[k] as number)) ** 2;
    }
  }
  // Directions without variance are never found to a share of their own size.
  const floor = 1e-12 * (values[0] as number);
  return squares.every((square, j) => Math.sqrt(square) <= tolerance * (values[j] as number) + floor);
}

/** The Chebyshev polynomial that damps [0, smallest Ritz value], of the degree that float64 bears, applied to the Ritz vectors. */
async function filtered(matrix: Dense, { values, vectors, images }: Ritz, count: number, products: DenseProducts) {
  const half = Math.max(values.at(-1) as number, 1e-14 * (values[0] as number)) / 2;
  const at = (value: number) => Math.acosh(Math.max(1, value / half - 1));
  const spread = at(values[0] as number) - at(values[count - 1] as number);
  const degree = Math.max(2, Math.min(12, Math.floor(Math.log(mostGrowth) / Math.max(spread, 1e-3))));
  let previous = vectors;
  let current = shifted(images, vectors, undefined, half);
  for (let step = 2; step <= degree; step++) {
    const next = shifted(await products.multiply(matrix, current), current, previous, half);
    [previous, current] = [current, next];
  }
  return current;
}

/** T₁: (A·x − half·x)/half; afterwards 2·(A·x − half·x)/half − before. */
function shifted(image: Dense, x: Dense, before: Dense | undefined, half: number): Dense {
  const data = image.data;
  const factor = (before ? 2 : 1) / half;
  const shift = before ? 2 : 1;
  for (let k = 0; k < data.length; k++) {
    data[k] = factor * (data[k] as number) - shift * (x.data[k] as number) - (before ? (before.data[k] as number) : 0);
  }
  return { ...image, data };
}

/** An orthonormal basis of the columns' span: Cholesky of their Gram matrix, as often as it takes, of columns of length 1. */
async function orthonormal(block: Dense, products: DenseProducts): Promise<Dense> {
  const size = block.columns;
  let basis = unitColumns(block);
  for (let pass = 0; pass < 6; pass++) {
    const gram = await products.multiply(basis, basis, { transposeA: true });
    if (gram.data.every((value, k) => Math.abs(value - (k % (size + 1) === 0 ? 1 : 0)) < 1e-12)) break;
    // Keeps columns that are all but dependent factorable; a later pass mends what it bends.
    if (pass === 0) for (let k = 0; k < gram.data.length; k += size + 1) (gram.data[k] as number) += 1e-13 * size;
    const inverse = inverseLower(choleskyInPlace(gram.data, size));
    basis = await products.multiply(basis, { rows: size, columns: size, data: inverse }, { transposeB: true });
  }
  return basis;
}

function unitColumns({ rows, columns, data }: Dense): Dense {
  const squares = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) (squares[k % columns] as number) += (data[k] as number) ** 2;
  const factors = squares.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 1));
  return { rows, columns, data: data.map((value, k) => value * (factors[k % columns] as number)) };
}

/** Of a matrix of zeros. */
function nothing(size: number, count: number): Eigenpairs {
  const vectors = Float64Array.from({ length: count * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));
  return { values: new Float64Array(count), vectors };
}

function randomBlock(rows: number, columns: number): Dense {
  const rng = createRng(0, 'top-eigenpairs');
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => rng.uniform() - 0.5) };
}

function transposed({ values, vectors: { rows, columns, data } }: Ritz): Eigenpairs {
  const vectors = new Float64Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) vectors[j * rows + i] = data[i * columns + j] as number;
  orientRows(vectors, rows);
  return { values, vectors };
}

function first({ values, vectors }: Eigenpairs, size: number, count: number): Eigenpairs {
  return { values: values.slice(0, count), vectors: vectors.slice(0, count * size) };
}
