import { expected } from '../core/errors.ts';
import { computeMoments, type Moments } from './moments.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/** (1 − shrinkage) · Σ + shrinkage · (tr Σ / columns) · I, with Σ over rows (not rows − 1). */
export interface ShrunkCovariance {
  /** (columns) */
  readonly mean: Float64Array;
  /** (columns × columns) */
  readonly covariance: Float64Array;
  /** In [0, 1]. */
  readonly shrinkage: number;
}

export interface ShrinkageOptions extends SolverOptions {
  /**
   * `ledoit-wolf`: the shrinkage with the least expected squared error, estimated (Ledoit and Wolf 2004); takes a second
   * pass. `oas`: oracle approximating shrinkage, better where the rows are normal (Chen et al. 2010). `optimal-linear`:
   * asymptotically the best whatever their distribution, as LEACE is fitted (Bodnar et al. 2014; methods.md 6). Or a fixed
   * number in [0, 1].
   */
  readonly shrinkage: 'ledoit-wolf' | 'oas' | 'optimal-linear' | number;
}

/**
 * A covariance shrunk towards a multiple of the identity, as scikit-learn's `LedoitWolf`, `OAS` and `ShrunkCovariance`.
 * @throws UserError (`out-of-range`) for a number outside [0, 1], and as `computeMoments` does.
 */
export async function fitShrunkCovariance(source: RowSource, options: ShrinkageOptions): Promise<ShrunkCovariance> {
  requireShrinkage(options.shrinkage);
  const moments = await computeMoments(source, options);
  const { mean, rows } = moments;
  const shrinkage = await shrinkageOf(source, moments, options);
  const covariance = moments.scatter;
  for (let k = 0; k < covariance.length; k++) (covariance[k] as number) /= rows;
  shrinkInPlace(covariance, mean.length, shrinkage);
  return { mean, covariance, shrinkage };
}

/** @throws UserError (`out-of-range`) for a number outside [0, 1]. */
export function requireShrinkage(shrinkage: string | number): void {
  if (typeof shrinkage === 'string' || (shrinkage >= 0 && shrinkage <= 1)) return;
  throw expected('out-of-range', 'shrinkage', 'a number in [0, 1]', String(shrinkage), 'Or name an estimator of it.');
}

/** Shrinks a (size × size) covariance towards its mean variance times the identity. */
export function shrinkInPlace(covariance: Float64Array, size: number, shrinkage: number): void {
  const target = (shrinkage * traceOf(covariance, size)) / size;
  for (let k = 0; k < covariance.length; k++) {
    (covariance[k] as number) *= 1 - shrinkage;
    if (k % (size + 1) === 0) (covariance[k] as number) += target;
  }
}

async function shrinkageOf(source: RowSource, moments: Moments, options: ShrinkageOptions): Promise<number> {
  const { shrinkage } = options;
  if (typeof shrinkage === 'number') return shrinkage;
  // One column is its own target.
  if (moments.mean.length === 1) return 0;
  if (shrinkage === 'oas') return oracleShrinkage(moments);
  if (shrinkage === 'optimal-linear') return optimalLinearShrinkage(moments);
  const fourth = await fourthPowers(source, moments.mean);
  return ledoitWolfShrinkage(moments.scatter, moments.rows, moments.mean.length, fourth);
}

/**
 * β/δ with δ = ‖Σ − μI‖²/d and β = (Σᵢ‖xᵢ − mean‖⁴/n − ‖Σ‖²)/(d·n), at most δ; ‖·‖ is Frobenius's and μ = tr Σ/d.
 * @param fourth Σᵢ‖xᵢ − mean‖⁴
 */
export function ledoitWolfShrinkage(scatter: Float64Array, rows: number, columns: number, fourth: number): number {
  const { squares, mu } = normsOf(scatter, rows, columns);
  const delta = squares / columns - mu * mu;
  const beta = Math.min(delta, (fourth / rows - squares) / (columns * rows));
  return delta <= 0 || beta <= 0 ? 0 : beta / delta;
}

/** Σᵢ‖(xᵢ − mean)/scale‖⁴ over all rows, in one pass, in float64. @param scale (columns) */
export async function fourthPowers(source: RowSource, mean: Float64Array, scale?: Float64Array): Promise<number> {
  const { columns } = source;
  const factors = mean.map((_, j) => 1 / (scale?.[j] ?? 1));
  let sum = 0;
  for await (const { rows, data } of rowBlocks(source, 4096)) {
    for (let i = 0; i < rows; i++) sum += squaredLength(data, i * columns, mean, factors) ** 2;
  }
  return sum;
}

/** Two running sums, since a single one would wait for each addition. */
function squaredLength(data: Float32Array, at: number, mean: Float64Array, factors: Float64Array): number {
  const n = mean.length;
  let [even, odd] = [0, 0];
  for (let j = 0; j + 1 < n; j += 2) {
    const a = ((data[at + j] as number) - (mean[j] as number)) * (factors[j] as number);
    const b = ((data[at + j + 1] as number) - (mean[j + 1] as number)) * (factors[j + 1] as number);
    even += a * a;
    odd += b * b;
  }
  if (n % 2 === 1) even += (((data[at + n - 1] as number) - (mean[n - 1] as number)) * (factors[n - 1] as number)) ** 2;
  return even + odd;
}

function oracleShrinkage({ scatter, rows, mean }: Moments): number {
  const columns = mean.length;
  const { squares, mu } = normsOf(scatter, rows, columns);
  const alpha = squares / (columns * columns);
  const denominator = (rows + 1) * (alpha - (mu * mu) / columns);
  return denominator <= 0 ? 1 : Math.min(1, (alpha + mu * mu) / denominator);
}

/** (tr² Σ / n) / (‖Σ‖² − tr² Σ / columns), at most 1. */
function optimalLinearShrinkage({ scatter, rows, mean }: Moments): number {
  const columns = mean.length;
  const { squares, mu } = normsOf(scatter, rows, columns);
  const excess = squares - columns * mu * mu;
  return excess <= 0 ? 1 : Math.min(1, (columns * mu) ** 2 / rows / excess);
}

function normsOf(scatter: Float64Array, rows: number, columns: number): { squares: number; mu: number } {
  let squares = 0;
  for (let k = 0; k < scatter.length; k++) squares += (scatter[k] as number) ** 2;
  return { squares: squares / rows ** 2, mu: traceOf(scatter, columns) / rows / columns };
}

function traceOf(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let k = 0; k < matrix.length; k += size + 1) sum += matrix[k] as number;
  return sum;
}
