import { expected } from '../core/errors.ts';

/**
 * The p-quantile with linear interpolation between order statistics, as numpy's and PyTorch's default (methods.md 14.5):
 * position p·(n − 1) in the sorted values.
 * @throws UserError when there are no values or p is outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0) throw expected('quantile', 'values', 'at least one number', [], 'Check for emptiness first');
  if (!(p >= 0 && p <= 1)) throw expected('quantile', 'p', 'in [0, 1]', p, 'Use 0.5 for the median');
  return sortedQuantile(Float64Array.from(values).sort(), p);
}

/** {@link quantile} of values already in ascending order. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const fraction = position - below;
  return fraction === 0 ? low : low + fraction * ((sorted[below + 1] as number) - low);
}
