import { expected } from '../core/errors.ts';
import { createDenseProducts } from './dense-products.ts';
import type { LinearMap } from './linear-map.ts';
import { computeMoments } from './moments.ts';
import type { RowSource, SolverOptions } from './row-source.ts';
import { topEigenpairs } from './top-eigenpairs.ts';

export interface PcaOptions extends SolverOptions {
  /** How many directions, from 1 to the smaller of rows and columns. */
  readonly components: number;
}

/** `map` holds the directions, (components × columns): orthonormal rows, by falling variance. */
export interface FittedPca extends LinearMap {
  /** (components) Variance along each direction, over rows − 1. */
  readonly variances: Float64Array;
  /** (components) The same as a share of the variance of all columns together; 0 where nothing varies. */
  readonly shares: Float64Array;
}

/**
 * Principal component analysis: the eigenvectors of the covariance with the largest eigenvalues (methods.md 14.1), as in
 * scikit-learn but exact at every size; the sign of a direction makes its largest component positive. One pass; memory is
 * of size columns².
 * @throws UserError (`components`) when `components` is out of range, (`too-few`) with fewer than two rows.
 */
export async function fitPca(source: RowSource, options: PcaOptions): Promise<FittedPca> {
  const { components } = options;
  const { rows, columns } = source;
  if (rows < 2) throw expected('too-few', 'the number of rows', 'at least 2', rows, 'Give more rows.');
  const most = Math.min(rows, columns);
  if (!(Number.isInteger(components) && components >= 1 && components <= most)) {
    throw expected('components', 'components', `a whole number from 1 to ${most}`, components, 'Ask for fewer.');
  }
  const { mean, scatter } = await computeMoments(source, options);
  const products = createDenseProducts(options);
  const pairs = await topEigenpairs(scatter, columns, components, products).finally(() => products.dispose());
  const total = scatter.reduce((sum, value, k) => (k % (columns + 1) === 0 ? sum + value : sum), 0);
  const values = pairs.values.map((value) => Math.max(0, value));
  return {
    mean,
    map: pairs.vectors,
    variances: values.map((value) => value / (rows - 1)),
    shares: values.map((value) => (total > 0 ? value / total : 0)),
  };
}
