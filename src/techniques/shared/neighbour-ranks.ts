import type { Matrix } from '../../core/models.ts';
import { createDenseProducts, type Dense, type DenseProducts } from '../../solvers/dense-products.ts';
import { largestIndices } from '../../solvers/largest-indices.ts';

/** How near some references are to an example at several layers, by cosine. */
export interface RankIndex {
  /**
   * For each layer as the reference layer, (n·k × layers − 1): for each example in turn and each of its k nearest references
   * there, nearest first, that reference's rank at every other layer in order: how many references are strictly nearer.
   * @param activations Of the same n examples at every layer.
   */
  trajectories(activations: readonly Matrix[]): Promise<readonly Matrix[]>;
  /** The same of the references themselves, each left out of its own neighbours and ranks. */
  ownTrajectories(): Promise<readonly Matrix[]>;
}

const blockRows = 256;

/** @param references Activations of the same references at every layer, more than `k` of them; at least two layers. */
export function createRankIndex(references: readonly Matrix[], k: number, signal: AbortSignal): RankIndex {
  const targets = references.map(unitRows);
  const follow = async (queries: readonly Dense[], own: boolean): Promise<readonly Matrix[]> => {
    const rows = queries[0]?.rows as number;
    const columns = queries.length - 1;
    const found = queries.map(() => new Float32Array(rows * k * columns));
    const products = createDenseProducts({});
    try {
      for (let start = 0; start < rows; start += blockRows) {
        signal.throwIfAborted();
        const block = await similarities(queries, targets, start, own, products);
        const size = Math.min(blockRows, rows - start);
        for (let row = 0; row < size; row++) followRow(block, row, k, found, start + row);
      }
    } finally {
      await products.dispose();
    }
    return found.map((data) => ({ rows: rows * k, columns, data }));
  };
  return {
    trajectories: (activations) => follow(activations.map(unitRows), false),
    ownTrajectories: () => follow(targets, true),
  };
}

/** Cosines of a block of queries with all references at each layer; with `own`, those with itself are −Infinity. */
async function similarities(
  queries: readonly Dense[],
  targets: readonly Dense[],
  start: number,
  own: boolean,
  products: DenseProducts,
): Promise<readonly Dense[]> {
  const layers: Dense[] = [];
  for (const [layer, { rows, columns, data }] of queries.entries()) {
    const size = Math.min(blockRows, rows - start);
    const part = data.subarray(start * columns, (start + size) * columns);
    const block = { rows: size, columns, data: part };
    const cosines = await products.multiply(block, targets[layer] as Dense, { transposeB: true });
    for (let row = 0; own && row < size; row++) cosines.data[row * cosines.columns + start + row] = -Infinity;
    layers.push(cosines);
  }
  return layers;
}

/** Writes the trajectories of one example into every reference layer's matrix. */
function followRow(
  cosines: readonly Dense[],
  row: number,
  k: number,
  found: readonly Float32Array[],
  at: number,
): void {
  const rows = cosines.map(({ columns, data }) => data.subarray(row * columns, (row + 1) * columns));
  const neighbours = rows.map((values) => largestIndices(values, k));
  const steps = rows.length - 1;
  rows.forEach((values, layer) => {
    const followed = neighbours.flatMap((list, from) => (from === layer ? [] : list));
    const ranks = ranksOf(values, followed);
    let next = 0;
    neighbours.forEach((list, from) => {
      if (from === layer) return;
      const step = layer < from ? layer : layer - 1;
      for (let j = 0; j < list.length; j++)
        (found[from] as Float32Array)[(at * k + j) * steps + step] = ranks[next++] as number;
    });
  });
}

/** How many values are greater than that at each of `indices`: the values are sorted in among these, not among themselves. */
function ranksOf(values: Float64Array, indices: readonly number[]): Float64Array {
  const order = indices.map((_, k) => k).sort((a, b) => at(values, indices, b) - at(values, indices, a));
  const thresholds = Float64Array.from(order, (k) => at(values, indices, k));
  // counts[p]: values greater than the p-th threshold, yet not than the one before.
  const counts = new Float64Array(indices.length + 1);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    let [low, high] = [0, thresholds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > (thresholds[middle] as number)) high = middle;
      else low = middle + 1;
    }
    (counts[low] as number) += 1;
  }
  const ranks = new Float64Array(indices.length);
  let greater = 0;
  order.forEach((k, place) => {
    greater += counts[place] as number;
    ranks[k] = greater;
  });
  return ranks;
}

function at(values: Float64Array, indices: readonly number[], k: number): number {
  return values[indices[k] as number] as number;
}

/** Rows of length 1; a row of zeros stays one. */
function unitRows({ rows, columns, data }: Matrix): Dense {
  const unit = Float64Array.from(data);
  for (let start = 0; start < unit.length; start += columns) {
    const row = unit.subarray(start, start + columns);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let j = 0; j < columns; j++) (row[j] as number) /= length;
  }
  return { rows, columns, data: unit };
}
