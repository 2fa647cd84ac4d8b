import { expected } from '../core/errors.ts';

/**
 * How many of N things have a property when k of n drawn without replacement have it: the smallest and the largest number
 * that each tail of the hypergeometric distribution allows at (1 − level) / 2 (Wright 1991, "Exact Confidence Bounds when
 * Sampling from Small Finite Universes"). Like Clopper and Pearson's it covers at least at its level; when all are drawn both
 * ends are k, when none are they are 0 and N.
 * @throws UserError when not 0 ≤ k ≤ n ≤ N.
 */
export function hypergeometricInterval(
  { successes: k, drawn: n, population: N }: { successes: number; drawn: number; population: number },
  level: number,
): readonly [lower: number, upper: number] {
  if (!(k >= 0 && k <= n && n <= N && [k, n, N].every(Number.isInteger))) {
    const next = 'Give whole numbers of successes, drawn and population.';
    throw expected('hypergeometric-counts', 'the counts of a sample', '0 ≤ k ≤ n ≤ N', `${k}, ${n}, ${N}`, next);
  }
  return [lowerEnd(k, n, N, level), N - lowerEnd(n - k, n, N, level)];
}

/** The smallest K under which k or more successes are not too rare; the upper end is this one of the failures. */
function lowerEnd(k: number, n: number, N: number, level: number): number {
  const tail = (1 - level) / 2;
  let [low, high] = [k, N - (n - k)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (atLeast(k, n, N, middle) > tail) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** P(X ≥ k) when K of the N have the property. */
function atLeast(k: number, n: number, N: number, K: number): number {
  const [first, last] = [Math.max(0, n - (N - K)), Math.min(n, K)];
  // ln C(K, i) + ln C(N − K, n − i) − ln C(N, n) at the first i; then by ratios of neighbours.
  let log = logChoose(K, first) + logChoose(N - K, n - first) - logChoose(N, n);
  let sum = 0;
  for (let i = first; i <= last; i++) {
    if (i >= k) sum += Math.exp(log);
    log += Math.log(((K - i) * (n - i)) / ((i + 1) * (N - K - n + i + 1)));
  }
  return sum;
}

function logChoose(N: number, i: number): number {
  let sum = 0;
  for (let j = 1; j <= Math.min(i, N - i); j++) sum += Math.log((N - Math.min(i, N - i) + j) / j);
  return sum;
}
