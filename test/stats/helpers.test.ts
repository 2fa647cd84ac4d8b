import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedFolds } from '../../src/stats/cross-validation.ts';
import { histogram } from '../../src/stats/histogram.ts';
import { holm } from '../../src/stats/multiplicity.ts';
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts';
import { quantile } from '../../src/stats/quantile.ts';
import './arbitraries.ts';

describe('quantile', () => {
  it('is an order statistic at whole positions and does not touch its input', () => {
    const values = [5, 1, 3];
    expect([0, 0.5, 1].map((p) => quantile(values, p))).toEqual([1, 3, 5]);
    expect(quantile(values, 0.25)).toBe(2);
    expect(values).toEqual([5, 1, 3]);
    expect(quantile([7], 0.3)).toBe(7);
  });
  it('refuses no values and shares outside [0, 1]', () => {
    expect(() => quantile([], 0.5)).toThrow(/at least one number/);
    expect(() => quantile([1], 1.1)).toThrow(/p to be in \[0, 1\], got 1.1/);
  });
});

describe('the normal distribution', () => {
  it('turns around at zero and undoes itself', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 13);
        expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 8);
      }),
    );
  });
});

describe('holm', () => {
  it('keeps order, stays at most 1 and never falls below the raw value', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const adjusted = holm(pValues) as number[];
        pValues.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          pValues.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number);
          });
        });
      }),
    );
  });
  it('counts a comparison without a p-value in the family', () => {
    expect(holm([0.01, undefined, 0.02])).toEqual([0.03, undefined, 0.04]);
    expect(holm([])).toEqual([]);
  });
  it('refuses what is no p-value', () => {
    expect(() => holm([0.5, -0.1])).toThrow(/pValues\[1\] to be in \[0, 1\], got -0.1/);
  });
});

describe('histogram', () => {
  it('counts every value of every group once, in shared bins', () => {
    const groups = fc.array(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 20 }), (values, bins) => {
        const { edges, counts } = histogram(values, bins);
        counts.forEach((ofGroup, i) => {
          expect(ofGroup.reduce((sum, count) => sum + count, 0)).toBe(values[i]?.length);
        });
        if (values.flat().length > 0) expect(edges.length).toBe(bins + 1);
      }),
    );
  });
  it('puts the largest value in the last bin and equal values in one', () => {
    expect(histogram([[0, 1, 2], [4]], 4)).toEqual({
      edges: [0, 1, 2, 3, 4],
      counts: [
        [1, 1, 1, 0],
        [0, 0, 0, 1],
      ],
    });
    expect(histogram([[3, 3]], 2)).toEqual({ edges: [2.5, 3, 3.5], counts: [[0, 2]] });
  });
  it('has no bins without values and refuses bad ones', () => {
    expect(histogram([[], []], 5)).toEqual({ edges: [], counts: [[], []] });
    expect(() => histogram([[1], [Number.NaN]], 5)).toThrow(/groups\[1\]\[0\] to be a finite number/);
    expect(() => histogram([[1]], 0)).toThrow(/bins to be a whole number from 1, got 0/);
  });
});

describe('stratifiedFolds', () => {
  const cases = fc.record({ strata: fc.array(fc.nat(2), { minLength: 2, maxLength: 60 }), seed: fc.integer() });
  it('validates on every example once, evenly over folds and strata', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 2, max: 6 }), ({ strata, seed }, wanted) => {
        const folds = Math.min(wanted, strata.length);
        const made = stratifiedFolds(strata, { folds, seed });
        const validated = made.flatMap((fold) => fold.validation).sort((a, b) => a - b);
        expect(validated).toEqual(strata.map((_, i) => i));
        for (const { train, validation } of made) {
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual(validated);
        }
        for (const stratum of [0, 1, 2, undefined]) {
          const sizes = made.map(({ validation }) =>
            validation.filter((i) => stratum === undefined || strata[i] === stratum),
          );
          const lengths = sizes.map((size) => size.length);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
  it('depends on the seed alone', () => {
    const strata = Array.from({ length: 40 }, (_, i) => i % 3 === 0);
    expect(stratifiedFolds(strata, { seed: 1 })).toEqual(stratifiedFolds(strata, { seed: 1 }));
    expect(stratifiedFolds(strata, { seed: 1 })).not.toEqual(stratifiedFolds(strata, { seed: 2 }));
    expect(stratifiedFolds(strata, { seed: 1 }).length).toBe(5);
  });
  it('refuses more folds than examples', () => {
    expect(() => stratifiedFolds([1, 0], { folds: 3, seed: 0 })).toThrow(/folds to be a whole number from 2 to the 2/);
  });
});
