import type { Matrix } from '../../core/models.ts';
import type { Rng } from '../../core/random.ts';

export interface IsolationOptions {
  readonly trees: number;
  /** Rows drawn without replacement for each tree; all when there are fewer. */
  readonly subsample: number;
}

/** A node that parts rows by one column, or a leaf with the number of rows that ended there. */
export type IsolationTree =
  | { readonly column: number; readonly threshold: number; readonly left: IsolationTree; readonly right: IsolationTree }
  | { readonly rows: number };

const eulerGamma = 0.577_215_664_901_532_9;

/**
 * c(n), the mean path length of an unsuccessful search in a binary search tree of n rows: 2(ln(n − 1) + γ) − 2(n − 1)/n,
 * with c(2) = 1 and c(1) = c(0) = 0.
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  return n === 2 ? 1 : 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}

/** Length of a row's path from the root, plus c(rows) for the tree that was not grown below its leaf. */
export function pathLength(tree: IsolationTree, row: ArrayLike<number>): number {
  let node = tree;
  let depth = 0;
  for (; 'column' in node; depth++) node = (row[node.column] as number) <= node.threshold ? node.left : node.right;
  return depth + averagePathLength(node.rows);
}

/**
 * Isolation forest (Liu, Ting and Zhou 2008; methods.md 14.7). Each tree parts its ψ rows at a column drawn uniformly
 * among those that vary in the node and a threshold drawn uniformly between that column's extremes, to a depth of
 * ⌈log₂ ψ⌉. The anomaly of a row is 2^(−E[path length] / c(ψ)), in (0, 1]: near 1 when few cuts isolate it, about 0.5 when
 * it is like the others. It is minus scikit-learn's `score_samples`.
 *
 * @returns the anomaly of each row of a matrix; 0.5 for all with a single reference, from which nothing is isolated.
 */
export function fitIsolationForest(
  references: Matrix,
  { trees, subsample }: IsolationOptions,
  rng: Rng,
): (rows: Matrix) => Float64Array {
  const size = Math.min(subsample, references.rows);
  const all = [...Array(references.rows).keys()];
  const limit = Math.ceil(Math.log2(Math.max(2, size)));
  const forest = Array.from({ length: trees }, () => growTree(references, rng.sample(all, size), limit, rng));
  const normaliser = averagePathLength(size);
  return ({ rows, columns, data }) =>
    Float64Array.from({ length: rows }, (_, at) => {
      if (normaliser === 0) return 0.5;
      const row = data.subarray(at * columns, (at + 1) * columns);
      const sum = forest.reduce((total, tree) => total + pathLength(tree, row), 0);
      return 2 ** (-sum / trees / normaliser);
    });
}

function growTree(matrix: Matrix, rows: readonly number[], levels: number, rng: Rng): IsolationTree {
  const split = levels > 0 && rows.length > 1 ? drawSplit(matrix, rows, rng) : undefined;
  if (!split) return { rows: rows.length };
  const { column, threshold } = split;
  const isLeft = (row: number) => (matrix.data[row * matrix.columns + column] as number) <= threshold;
  const grow = (side: readonly number[]) => growTree(matrix, side, levels - 1, rng);
  const left = grow(rows.filter(isLeft));
  return { column, threshold, left, right: grow(rows.filter((row) => !isLeft(row))) };
}

/** A column that varies among the rows, uniformly, and where to part it; none when the rows are equal. */
function drawSplit(matrix: Matrix, rows: readonly number[], rng: Rng) {
  const columns = [...Array(matrix.columns).keys()];
  for (let tried = 0; tried < columns.length; tried++) {
    const place = rng.integer(tried, columns.length - 1);
    const column = columns[place] as number;
    columns[place] = columns[tried] as number;
    const { low, high } = extremes(matrix, rows, column);
    // Rounding can reach `high`, which would leave one side empty.
    const drawn = low + rng.uniform() * (high - low);
    if (low < high) return { column, threshold: drawn < high ? drawn : low };
  }
  return undefined;
}

function extremes({ columns, data }: Matrix, rows: readonly number[], column: number) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const value = data[row * columns + column] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
