import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { expected } from '../core/errors.ts';
import { type Concept, centreConcept } from './concept.ts';
import { crossMoments } from './cross-moments.ts';
import type { Eraser } from './eraser.ts';
import type { RowSource, SolverOptions } from './row-source.ts';
import { fitShrunkCovariance } from './shrinkage-covariance.ts';
import { type Eigenpairs, symmetricEigen } from './symmetric-eigen.ts';

export interface LeaceOptions extends SolverOptions {
  /** `leace`: least mean squared change; `orth`: the orthogonal projection, W = I, without a look at Σ. @default 'leace' */
  readonly method?: 'leace' | 'orth';
  /** Shrink Σ by the optimal linear shrinkage. @default true */
  readonly shrinkage?: boolean;
  /** Singular values of W·Σxz of at most this are left: traces too faint to erase. @default 0.01 */
  readonly tolerance?: number;
}

/**
 * LEACE (Belrose et al. 2023, arXiv 2306.03819; methods.md 6): the affine map after which no linear predictor can tell
 * concept z from x, with the least mean squared change. With W = Σ^(−1/2) and U the left singular vectors of W·Σxz:
 * left = W⁺U and right = UᵀW. On the rows of the fit the means of x given z coincide afterwards, to rounding, where no
 * singular value was left. Constant columns and fewer rows than columns will do: eigenvalues of Σ of at most
 * columns · 2.2e-16 of the largest count as 0. The published constraint on the trace has nothing to do: tr(PΣPᵀ) =
 * tr Σ − ‖W⁺U‖² never exceeds tr Σ. Takes two passes, `orth` one.
 * @throws UserError (`length`, `not-finite`, `one-class`, `too-few`, `out-of-range`) when rows, concept or tolerance are
 * not as told.
 */
export async function fitLeace(source: RowSource, concept: Concept, options: LeaceOptions = {}): Promise<Eraser> {
  const { tolerance = 0.01 } = options;
  if (!(tolerance >= 0)) {
    throw expected('out-of-range', 'tolerance', 'at least 0', String(tolerance), 'Leave it out for 0.01.');
  }
  const z = centreConcept(concept, source.rows);
  const { mean, cross } = await crossMoments(source, z);
  const { whiten, unwhiten } = await whitenerOf(source, options);
  const directions = leftSingularVectors(
    whiten(cross.map((value) => value / (source.rows - 1))),
    mean.length,
    tolerance,
  );
  return {
    mean,
    left: unwhiten(directions),
    right: whiten(directions),
    rank: directions.length / mean.length,
  };
}

/** Share of the largest singular value up to which others are rounding, as for indicators of classes, which sum to 1. */
const rounding = 1e-9;

/** W and W⁺ on (k × columns) rows; both are symmetric. */
interface Whitener {
  whiten(rows: Float64Array): Float64Array;
  unwhiten(rows: Float64Array): Float64Array;
}

async function whitenerOf(source: RowSource, options: LeaceOptions): Promise<Whitener> {
  const { method = 'leace', shrinkage = true } = options;
  if (method === 'orth') return { whiten: (rows) => rows, unwhiten: (rows) => rows };
  const { columns } = source;
  const kind = shrinkage ? 'optimal-linear' : 0;
  const { covariance } = await fitShrunkCovariance(source, { ...options, shrinkage: kind });
  const pairs = symmetricEigen(covariance, columns);
  const cutoff = columns * Number.EPSILON * (pairs.values[0] as number);
  const deviations = pairs.values.map((value) => (value > cutoff ? Math.sqrt(value) : 0));
  const inverses = deviations.map((deviation) => (deviation > 0 ? 1 / deviation : 0));
  return {
    whiten: (rows) => spectralProduct(pairs, inverses, rows),
    unwhiten: (rows) => spectralProduct(pairs, deviations, rows),
  };
}

/** Each row x replaced by Σₖ factorₖ · uₖ uₖᵀ x. */
function spectralProduct({ vectors }: Eigenpairs, factors: Float64Array, rows: Float64Array): Float64Array {
  const size = factors.length;
  const products = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += size) {
    for (let k = 0; k < size; k++) {
      if (factors[k] === 0) continue;
      let along = 0;
      for (let j = 0; j < size; j++) along += (vectors[k * size + j] as number) * (rows[start + j] as number);
      along *= factors[k] as number;
      for (let j = 0; j < size; j++) (products[start + j] as number) += along * (vectors[k * size + j] as number);
    }
  }
  return products;
}

/** Orthonormal directions, (rank × columns), of (k × columns) rows, without those whose singular value is at most `tolerance`. */
function leftSingularVectors(rows: Float64Array, columns: number, tolerance: number): Float64Array {
  const matrix = Matrix.from1DArray(rows.length / columns, columns, rows).transpose();
  const { leftSingularVectors: vectors, diagonal } = new SingularValueDecomposition(matrix, { autoTranspose: true });
  const cutoff = Math.max(tolerance, rounding * Math.max(...diagonal));
  const kept = diagonal.flatMap((value, k) => (value > cutoff ? [k] : []));
  return Float64Array.from(kept.flatMap((k) => vectors.getColumn(k)));
}
