/**
 * The quantile of each value among all, (rank + 0.5)/n with ranks from 0 (methods.md 8.2); equal values share the mean of
 * their ranks.
 */
export function difficultyQuantiles(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => (values[i] as number) - (values[j] as number));
  const quantiles = new Array<number>(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = values[order[start] as number];
    while (end < order.length && values[order[end] as number] === value) end++;
    for (const i of order.slice(start, end)) quantiles[i] = (start + end) / 2 / values.length;
  }
  return quantiles;
}
