/** Mean of values and the sampling variance of that mean, s²/n; the variance of fewer than two is infinite. */
export interface MeanVariance {
  readonly mean: number;
  readonly variance: number;
  /** Standard deviation of the values. */
  readonly deviation: number;
  readonly n: number;
}

export function meanVariance(values: Float64Array): MeanVariance {
  const n = values.length;
  const mean = n === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (n < 2) return { mean, variance: Number.POSITIVE_INFINITY, deviation: 0, n };
  return { mean, variance: squares / (n - 1) / n, deviation: Math.sqrt(squares / (n - 1)), n };
}
