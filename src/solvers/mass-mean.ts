import { classRows } from './class-rows.ts';
import { centreConcept } from './concept.ts';
import { crossMoments } from './cross-moments.ts';
import { computeMoments } from './moments.ts';
import { pseudoInverse } from './pseudo-inverse.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

export interface MassMeanOptions extends SolverOptions {
  /** Multiply by the inverse of the covariance within classes. @default true */
  readonly whiten?: boolean;
  /** Eigenvalues of that covariance of at most this count as 0. @default 1e-3 */
  readonly cutoff?: number;
}

/** The score weights · x + bias, higher for class 1; 0 at the mean of the rows. */
export interface FittedMassMean {
  /** (columns) */
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * Mass-mean direction (Marks and Tegmark 2023, arXiv 2310.06824; methods.md 7.3): θ = mean(x | 1) − mean(x | 0), or
 * Σ⁺θ with the pooled covariance within classes Σ over all rows, which is Fisher's discriminant where no eigenvalue
 * is cut off. Takes a pass, `whiten` two more of half the rows each.
 * @param labels (rows) 0 and 1, or booleans, of which both occur.
 * @throws UserError (`length`, `one-class`, `too-few`, `not-finite`) when rows or labels are not as told.
 */
export async function fitMassMean(
  source: RowSource,
  labels: ArrayLike<boolean | number>,
  options: MassMeanOptions = {},
): Promise<FittedMassMean> {
  const concept = centreConcept(labels, source.rows);
  const share = concept.mean[0] as number;
  const { mean, cross } = await crossMoments(source, concept);
  // Σ (z − share)(x − mean) = rows · share · (1 − share) · θ.
  const theta = cross.map((value) => value / (source.rows * share * (1 - share)));
  const weights = options.whiten === false ? theta : await whitened(theta, source, labels, options);
  const bias = -weights.reduce((sum, weight, j) => sum + weight * (mean[j] as number), 0);
  return { weights, bias };
}

async function whitened(
  theta: Float64Array,
  source: RowSource,
  labels: ArrayLike<boolean | number>,
  options: MassMeanOptions,
): Promise<Float64Array> {
  const classes = Array.from(labels, Number);
  const positive = await computeMoments(classRows(source, classes, 1), options);
  const negative = await computeMoments(classRows(source, classes, 0), options);
  const covariance = positive.scatter.map((value, k) => (value + (negative.scatter[k] as number)) / source.rows);
  const { columns } = source;
  const { inverse } = pseudoInverse(covariance, columns, { absolute: options.cutoff ?? 1e-3, relative: 0 });
  return theta.map((_, i) => theta.reduce((sum, value, j) => sum + (inverse[i * columns + j] as number) * value, 0));
}
