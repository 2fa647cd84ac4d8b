import { describe, expect, it } from 'vitest';
import { hypergeometricInterval } from '../../src/stats/hypergeometric-interval.ts';
import { boundedShare, boundedSum } from '../../src/stats/mover.ts';

/** By whole numbers, exactly as far as doubles go. */
function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  return Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1);
}

const probability = (k: number, n: number, N: number, K: number) =>
  (choose(K, k) * choose(N - K, n - k)) / choose(N, n);

describe('hypergeometricInterval', () => {
  it.each([
    [12, 5, 0.95],
    [30, 7, 0.9],
    [40, 39, 0.95],
    [25, 1, 0.8],
  ])('covers every number among %i after %i draws at level %f', (N, n, level) => {
    for (let K = 0; K <= N; K++) {
      let covered = 0;
      for (let k = Math.max(0, n - (N - K)); k <= Math.min(n, K); k++) {
        const [lower, upper] = hypergeometricInterval({ successes: k, drawn: n, population: N }, level);
        if (lower <= K && K <= upper) covered += probability(k, n, N, K);
      }
      expect(covered).toBeGreaterThanOrEqual(level - 1e-9);
    }
  });

  it('is the set of numbers that neither tail rejects', () => {
    const [N, n, k, level] = [50, 12, 4, 0.95];
    const tails = (K: number) =>
      [0, 1].map((side) =>
        Array.from({ length: n + 1 }, (_, i) => i)
          .filter((i) => (side === 0 ? i <= k : i >= k))
          .reduce((sum, i) => sum + probability(i, n, N, K), 0),
      );
    const kept = Array.from({ length: N + 1 }, (_, K) => K).filter(
      (K) => K >= k && K <= N - (n - k) && tails(K).every((tail) => tail > (1 - level) / 2),
    );
    const interval = hypergeometricInterval({ successes: k, drawn: n, population: N }, level);
    expect(interval).toEqual([kept[0], kept.at(-1)]);
  });

  it('knows all when all are drawn, and nothing when none is', () => {
    expect(hypergeometricInterval({ successes: 3, drawn: 9, population: 9 }, 0.95)).toEqual([3, 3]);
    expect(hypergeometricInterval({ successes: 0, drawn: 0, population: 9 }, 0.95)).toEqual([0, 9]);
    expect(hypergeometricInterval({ successes: 0, drawn: 0, population: 0 }, 0.95)).toEqual([0, 0]);
  });

  it('stands up to large populations', () => {
    const [lower, upper] = hypergeometricInterval({ successes: 0, drawn: 300, population: 1e7 }, 0.95);
    expect(lower).toBe(0);
    // Close to Clopper and Pearson's bound of a population without end.
    expect(upper / 1e7).toBeCloseTo(1 - 0.025 ** (1 / 300), 4);
  });

  it.each([
    { successes: 3, drawn: 2, population: 9 },
    { successes: 1, drawn: 2, population: 1 },
    { successes: -1, drawn: 2, population: 4 },
    { successes: 0.5, drawn: 2, population: 4 },
  ])('refuses %o', (counts) => {
    expect(() => hypergeometricInterval(counts, 0.95)).toThrow(
      expect.objectContaining({ code: 'hypergeometric-counts' }),
    );
  });
});

describe('sums and shares of bounded quantities', () => {
  const known = (value: number) => ({ value, lower: value, upper: value });

  it('adds distances to the ends as standard errors add', () => {
    const sum = boundedSum([
      { value: 10, lower: 7, upper: 14 },
      { value: 5, lower: 1, upper: 8 },
    ]);
    expect(sum).toEqual({ value: 15, lower: 10, upper: 20 });
    expect(boundedSum([])).toEqual(known(0));
  });

  it('is exact where all is known', () => {
    const share = boundedShare(known(3), known(9));
    for (const end of Object.values(share ?? {})) expect(end).toBeCloseTo(0.25, 12);
  });

  it('follows one part where the other is known', () => {
    const share = boundedShare({ value: 6, lower: 4, upper: 8 }, known(6));
    expect(share?.lower).toBeCloseTo(4 / 10, 9);
    expect(share?.upper).toBeCloseTo(8 / 14, 9);
    const other = boundedShare(known(6), { value: 6, lower: 4, upper: 8 });
    expect(other?.lower).toBeCloseTo(6 / 14, 9);
    expect(other?.upper).toBeCloseTo(6 / 10, 9);
  });

  it('stays in [0, 1] and holds the share, also where a part is 0', () => {
    expect(boundedShare({ value: 0, lower: 0, upper: 3 }, { value: 5, lower: 2, upper: 9 })).toMatchObject({
      value: 0,
      lower: 0,
    });
    expect(boundedShare({ value: 5, lower: 2, upper: 9 }, { value: 0, lower: 0, upper: 3 })).toMatchObject({
      value: 1,
      upper: 1,
    });
    expect(boundedShare(known(0), { value: 5, lower: 0, upper: 9 })).toEqual(known(0));
    expect(boundedShare(known(0), known(0))).toBeUndefined();
  });
});
