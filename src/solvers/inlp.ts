import type { Matrix } from '../core/models.ts';
import { centreConcept } from './concept.ts';
import { crossMoments } from './cross-moments.ts';
import { type Eraser, erase } from './eraser.ts';
import { fitLogisticRegression } from './logistic-regression.ts';
import { matrixRows } from './matrix-rows.ts';
import type { SolverOptions } from './row-source.ts';

export interface InlpOptions extends SolverOptions {
  /** Penalty of each regression, λ in mean BCE + λ‖w‖² on standardised columns. @default 1e-3 */
  readonly l2?: number;
  /** Stop when a regression's loss is at least 1 − this of the entropy of the labels. @default 0.01 */
  readonly tolerance?: number;
  /** Stop after so many directions. @default the number of columns */
  readonly mostDirections?: number;
  /** Told the number of directions after each; may throw to end the fit. */
  onDirection?(directions: number): void;
}

/**
 * Iterated null-space projection (Ravfogel et al. 2020, arXiv 2004.07667; methods.md 5.4): logistic regression on the
 * labels, its direction projected out, and again on what is left, until a regression finds nothing worth telling. An
 * orthogonal projection: left = right. Unlike LEACE it takes many directions, since each regression weighs columns by
 * what tells the classes apart, not by where their means differ.
 * @param labels (rows) Classes, or probabilities in [0, 1].
 * @throws UserError (`length`, `one-class`, `too-few`, `not-finite`, `out-of-range`) when rows or labels are not as told.
 */
export async function fitInlp(
  matrix: Matrix,
  labels: ArrayLike<boolean | number>,
  options: InlpOptions = {},
): Promise<Eraser> {
  const { l2 = 1e-3, tolerance = 0.01, mostDirections = matrix.columns } = options;
  const { columns } = matrix;
  const concept = centreConcept(labels, matrix.rows);
  const { mean } = await crossMoments(matrixRows(matrix), concept);
  const most = Math.min(mostDirections, columns);
  const enough = (1 - tolerance) * entropy(concept.mean[0] as number);
  const found: Float64Array[] = [];
  let rest = matrix;
  while (found.length < most) {
    const { weights, loss } = await fitLogisticRegression(matrixRows(rest), labels, {
      ...options,
      l2,
      standardize: true,
    });
    const direction = loss < enough ? orthogonal(weights, found) : undefined;
    if (direction === undefined) break;
    found.push(direction);
    rest = erase(rest, { mean, left: direction, right: direction, rank: 1 });
    options.onDirection?.(found.length);
  }
  const directions = new Float64Array(found.length * columns);
  found.forEach((direction, k) => {
    directions.set(direction, k * columns);
  });
  return { mean, left: directions, right: directions, rank: found.length };
}

/** In nats. */
function entropy(share: number): number {
  return -share * Math.log(share) - (1 - share) * Math.log(1 - share);
}

/** What of `weights` is orthogonal to `others`, of length 1; undefined when that is rounding. */
function orthogonal(weights: Float64Array, others: readonly Float64Array[]): Float64Array | undefined {
  const rest = weights.slice();
  for (const other of others) {
    const along = other.reduce((sum, value, j) => sum + value * (rest[j] as number), 0);
    for (let j = 0; j < rest.length; j++) (rest[j] as number) -= along * (other[j] as number);
  }
  const length = Math.hypot(...rest);
  return length > 1e-6 * Math.hypot(...weights) ? rest.map((value) => value / length) : undefined;
}
