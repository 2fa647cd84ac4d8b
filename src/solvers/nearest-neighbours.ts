import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import { createDenseProducts, type Dense, type DenseProducts } from './dense-products.ts';
import { largestIndices } from './largest-indices.ts';
import type { SolverOptions } from './row-source.ts';

export interface NeighbourOptions extends SolverOptions {
  /** Stops the search between blocks of queries. */
  readonly signal?: AbortSignal;
}

/** The k references nearest to each query, nearest first; of equally distant ones the earlier. */
export interface Neighbours {
  readonly k: number;
  /** (queries × k) Rows of the references. */
  readonly indices: Int32Array;
  /** (queries × k) */
  readonly distances: Float64Array;
}

/** Exact Euclidean nearest neighbours among some references, which it keeps. */
export interface NeighbourIndex {
  /** Of each row of `queries`. @throws UserError (`neighbours`) unless 1 ≤ k ≤ references. */
  query(queries: Matrix, k: number): Promise<Neighbours>;
  /** Of each reference among the others. @throws UserError (`neighbours`) unless 1 ≤ k < references. */
  queryOthers(k: number): Promise<Neighbours>;
}

/**
 * Exhaustive search (methods.md 14.7). Candidates come from float64 products, of rows centred on the references' mean,
 * where products lose least; the distances of those found are then taken from the differences, so that equal rows
 * are 0 apart.
 */
export function createNeighbourIndex(references: Matrix, options: NeighbourOptions = {}): NeighbourIndex {
  const space = spaceOf(references);
  const search = async (queries: Dense, k: number, others: boolean): Promise<Neighbours> => {
    requireCount(k, references.rows - Number(others));
    const found = { k, indices: new Int32Array(queries.rows * k), distances: new Float64Array(queries.rows * k) };
    const products = createDenseProducts(options);
    try {
      for (const { start, block } of blocksOf(queries, references.rows)) {
        options.signal?.throwIfAborted();
        await searchBlock({ block, start, others, space, products }, found);
      }
    } finally {
      await products.dispose();
    }
    finish(found, queries, space.targets);
    return found;
  };
  return {
    query: async (queries, k) => search(space.centre(queries), k, false),
    queryOthers: (k) => search(space.targets, k, true),
  };
}

/** The references as the search sees them: centred, with half of each one's |r|². */
interface Space {
  centre(rows: Matrix): Dense;
  readonly targets: Dense;
  /** (references) */
  readonly halfSquares: Float64Array;
}

function spaceOf(references: Matrix): Space {
  const { rows, columns } = references;
  const mean = new Float64Array(columns);
  references.data.forEach((value, cell) => {
    (mean[cell % columns] as number) += value / rows;
  });
  const centre = (matrix: Matrix): Dense => {
    requireColumns(matrix, columns);
    const data = Float64Array.from(matrix.data, (value, cell) => value - (mean[cell % columns] as number));
    return { ...matrix, data };
  };
  const targets = centre(references);
  const origin = { rows: 1, columns, data: new Float64Array(columns) };
  const halfSquares = Float64Array.from({ length: rows }, (_, row) => squaredDistance(origin, 0, targets, row) / 2);
  return { centre, targets, halfSquares };
}

/** Cuts queries so that their products with all references take 16 MB. */
function* blocksOf(queries: Dense, references: number): Generator<{ start: number; block: Dense }> {
  const size = Math.max(16, Math.min(1024, Math.floor(2 ** 21 / references)));
  for (let start = 0; start < queries.rows; start += size) {
    const rows = Math.min(size, queries.rows - start);
    const data = queries.data.subarray(start * queries.columns, (start + rows) * queries.columns);
    yield { start, block: { rows, columns: queries.columns, data } };
  }
}

interface Search {
  readonly block: Dense;
  /** Index of the block's first row among the queries. */
  readonly start: number;
  /** Whether query i is reference i, which is then left out. */
  readonly others: boolean;
  readonly space: Space;
  readonly products: DenseProducts;
}

async function searchBlock({ block, start, others, space, products }: Search, { k, indices }: Neighbours) {
  const { targets, halfSquares } = space;
  const { data } = await products.multiply(block, targets, { transposeB: true });
  for (let row = 0; row < block.rows; row++) {
    // q·r − |r|²/2 falls as |q − r|² grows.
    const closeness = data.subarray(row * targets.rows, (row + 1) * targets.rows);
    for (let r = 0; r < closeness.length; r++) (closeness[r] as number) -= halfSquares[r] as number;
    if (others) closeness[start + row] = Number.NEGATIVE_INFINITY;
    indices.set(largestIndices(closeness, k), (start + row) * k);
  }
}

/** Fills the distances; rounding in the products may have left near ties out of order. */
function finish({ k, indices, distances }: Neighbours, queries: Dense, targets: Dense): void {
  for (let query = 0; query < queries.rows; query++) {
    const pairs = Array.from(indices.subarray(query * k, (query + 1) * k), (row) => {
      return { row, distance: Math.sqrt(squaredDistance(queries, query, targets, row)) };
    });
    pairs.sort((a, b) => a.distance - b.distance || a.row - b.row);
    pairs.forEach(({ row, distance }, place) => {
      indices[query * k + place] = row;
      distances[query * k + place] = distance;
    });
  }
}

function squaredDistance(a: Dense, i: number, b: Dense, k: number): number {
  const { columns } = a;
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    sum += ((a.data[i * columns + j] as number) - (b.data[k * columns + j] as number)) ** 2;
  }
  return sum;
}

function requireCount(k: number, available: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= available) return;
  const next = 'Ask for fewer neighbours, or give more rows.';
  throw expected('neighbours', 'the number of neighbours', `a whole number from 1 to ${available}`, k, next);
}

function requireColumns(matrix: Matrix, columns: number): void {
  if (matrix.columns === columns) return;
  throw expected(
    'columns',
    'columns of the queries',
    `the references’ ${columns}`,
    matrix.columns,
    'Compare like rows.',
  );
}
