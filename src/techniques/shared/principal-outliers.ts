import type { Matrix } from '../../core/models.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { computeMoments } from '../../solvers/moments.ts';
import { symmetricEigen } from '../../solvers/symmetric-eigen.ts';

/** How far out rows are by the principal components of normal rows. */
export interface PrincipalOutliers {
  /** (n), higher = further out. */
  score(rows: Matrix): Float64Array;
}

/** Directions with at most this share of the variance are left out: nothing can be divided by them. */
const smallestShare = 1e-12;

/**
 * With rows z standardised (over n), principal directions e_c and their shares s_c of the variance: `projections` gives
 * Σ |e_c·z| / s_c, the weighted distances that pyod's `PCA` documents; `pyod` gives Σ ‖z − e_c‖ / s_c, those that it computes,
 * which depends on the sign of each direction (here, as in scikit-learn, its largest component is positive). A column that
 * never varies is only centred.
 */
export async function fitPrincipalOutliers(normal: Matrix, form: 'projections' | 'pyod'): Promise<PrincipalOutliers> {
  const { columns } = normal;
  const { mean, scatter, rows } = await computeMoments(matrixRows(normal));
  const deviations = mean.map((_, j) => Math.sqrt((scatter[j * (columns + 1)] as number) / rows) || 1);
  const correlation = scatter.map(
    (value, k) =>
      value / rows / ((deviations[Math.floor(k / columns)] as number) * (deviations[k % columns] as number)),
  );
  const { values, vectors } = symmetricEigen(correlation, columns);
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  const shares = values.map((value) => value / total);
  const score = (row: Float64Array) => {
    let sum = 0;
    shares.forEach((share, c) => {
      if (share <= smallestShare) return;
      sum += distance(row, vectors.subarray(c * columns, (c + 1) * columns), form) / share;
    });
    return sum;
  };
  return {
    score: ({ rows: n, data }) =>
      Float64Array.from({ length: n }, (_, i) =>
        score(mean.map((m, j) => ((data[i * columns + j] as number) - m) / (deviations[j] as number))),
      ),
  };
}

function distance(row: Float64Array, direction: Float64Array, form: 'projections' | 'pyod'): number {
  let [projection, square] = [0, 0];
  for (let j = 0; j < row.length; j++) {
    projection += (row[j] as number) * (direction[j] as number);
    square += ((row[j] as number) - (direction[j] as number)) ** 2;
  }
  return form === 'pyod' ? Math.sqrt(square) : Math.abs(projection);
}
