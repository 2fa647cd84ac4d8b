import { expected } from '../core/errors.ts';
import type { LinearMap } from './linear-map.ts';
import { computeMoments } from './moments.ts';
import { spectralSum } from './pseudo-inverse.ts';
import type { RowSource, SolverOptions } from './row-source.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface WhiteningOptions extends SolverOptions {
  /** `zca`: Σ^(−1/2), the white rows nearest to the rows; `pca`: principal components divided by their deviations. @default 'zca' */
  readonly kind?: 'zca' | 'pca';
  /** Directions with at most this share of the largest variance are dropped (mapped to 0). @default 1e-6 */
  readonly relative?: number;
}

export interface FittedWhitening extends LinearMap {
  /** Directions kept; the rows of `map` for `pca`. */
  readonly rank: number;
}

/**
 * A linear map after which the rows have mean 0 and the identity as covariance (over rows − 1) within the directions kept.
 * @throws UserError (`too-few`) with fewer than two rows.
 */
export async function fitWhitening(source: RowSource, options: WhiteningOptions = {}): Promise<FittedWhitening> {
  const { kind = 'zca', relative = 1e-6 } = options;
  const { rows, columns } = source;
  if (rows < 2) throw expected('too-few', 'the number of rows', 'at least 2', rows, 'Give more rows.');
  const { mean, scatter } = await computeMoments(source, options);
  const pairs = symmetricEigen(
    scatter.map((value) => value / (rows - 1)),
    columns,
  );
  const cutoff = relative * Math.max(0, pairs.values[0] as number);
  const factors = pairs.values.map((value) => (value > cutoff ? 1 / Math.sqrt(value) : 0));
  const rank = factors.filter((factor) => factor > 0).length;
  if (kind === 'zca') return { mean, map: spectralSum(pairs, factors, columns), rank };
  const scaled = pairs.vectors.map((value, k) => value * (factors[Math.floor(k / columns)] as number));
  return { mean, map: scaled.slice(0, rank * columns), rank };
}
