import type { Matrix } from '../../core/models.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';

/** What the units of a layer, side by side, give on both candidates of some pairs, (n × columns) each. */
export interface LayerReadings {
  readonly better: Matrix;
  readonly worse: Matrix;
}

/** A unit asked which candidate of a pair is the better one. */
export interface UnitAnswer {
  /** Share of the held-out candidates that its regression calls rightly. */
  readonly accuracy: number;
  /** Mean of the better candidates less that of the worse, (width). */
  readonly direction: Float64Array;
  /** cos(better − worse, direction) of each held-out pair. */
  readonly cosines: Float64Array;
}

/** Positions of pairs, to fit on and to rank by. */
export interface PairSplit {
  readonly train: readonly number[];
  readonly held: readonly number[];
}

/** Of scikit-learn's logistic regression, which the published ranking uses as it comes. */
const regression = { C: 1, maxIterations: 1000 };

/** What unit `index` of `count` in a layer says (methods.md 9.5, steps 2 and 3). */
export async function askUnit(
  readings: LayerReadings,
  { index, count }: { readonly index: number; readonly count: number },
  { train, held }: PairSplit,
): Promise<UnitAnswer> {
  const better = columnsOf(readings.better, index, count);
  const worse = columnsOf(readings.worse, index, count);
  const rows = stacked(better, worse, train);
  const labels = Array.from({ length: rows.rows }, (_, row) => row < train.length);
  const l2 = 1 / (2 * regression.C * rows.rows);
  const fitted = await fitLogisticRegression(matrixRows(rows), labels, { l2, maxIterations: regression.maxIterations });
  const logits = decision(stacked(better, worse, held), fitted);
  const right = logits.filter((logit, row) => (row < held.length ? logit > 0 : logit <= 0)).length;
  const direction = meanDifference(better, worse);
  const cosines = Float64Array.from(held, (row) => cosineOfDifference(better, worse, row, direction));
  return { accuracy: right / logits.length, direction, cosines };
}

/** Columns of one of `count` units of equal width. */
export function columnsOf({ rows, columns, data }: Matrix, index: number, count: number): Matrix {
  const width = columns / count;
  const taken = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = row * columns + index * width;
    taken.set(data.subarray(start, start + width), row * width);
  }
  return { rows, columns: width, data: taken };
}

/** cos(a − b, direction) in one row, in [−1, 1]; 0 where a and b are alike, for these say nothing. */
export function cosineOfDifference(a: Matrix, b: Matrix, row: number, direction: Float64Array): number {
  const start = row * a.columns;
  let [along, square, size] = [0, 0, 0];
  for (let j = 0; j < a.columns; j++) {
    const [difference, d] = [(a.data[start + j] as number) - (b.data[start + j] as number), direction[j] as number];
    along += difference * d;
    square += difference ** 2;
    size += d ** 2;
  }
  return along === 0 ? 0 : along / Math.sqrt(square * size);
}

function meanDifference(better: Matrix, worse: Matrix): Float64Array {
  const mean = new Float64Array(better.columns);
  better.data.forEach((value, cell) => {
    (mean[cell % better.columns] as number) += (value - (worse.data[cell] as number)) / better.rows;
  });
  return mean;
}

/** Rows of the better candidates, then those of the worse. */
function stacked(better: Matrix, worse: Matrix, rows: readonly number[]): Matrix {
  const { columns } = better;
  const data = new Float32Array(2 * rows.length * columns);
  [better, worse].forEach((side, s) => {
    rows.forEach((row, i) => {
      data.set(side.data.subarray(row * columns, (row + 1) * columns), (s * rows.length + i) * columns);
    });
  });
  return { rows: 2 * rows.length, columns, data };
}
