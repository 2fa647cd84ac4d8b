import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { accuracy } from '../../src/stats/accuracy.ts';
import { agreement, baseRateThreshold, callsAbove } from '../../src/stats/calls.ts';
import { differentialElicitation } from '../../src/stats/differential-elicitation.ts';
import { normalQuantile } from '../../src/stats/normal.ts';
import { shareGapRecovered } from '../../src/stats/pgr.ts';
import { pooledShare, pooledShareDifference } from '../../src/stats/pooled-share.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { share, shareDifference } from '../../src/stats/share.ts';
import { anySample } from './arbitraries.ts';
import { defined, reasonOf } from './defined.ts';

/** 1 with the given chance, else 0. */
function terms(seed: number, n: number, chance: number): Float64Array {
  const rng = createRng(seed, 'terms', n, chance);
  return Float64Array.from({ length: n }, () => Number(rng.chance(chance)));
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

describe('calls', () => {
  it('are positive strictly above the threshold, one half at it where asked', () => {
    expect([...callsAbove([-1, 0, 1], 0)]).toEqual([0, 0, 1]);
    expect([...callsAbove([-1, 0, 1], 0, 'half')]).toEqual([0, 0.5, 1]);
    expect(() => callsAbove([Number.NaN], 0)).toThrow(/scores\[0\] to be a finite number/);
  });
  it('at the base rate call that share of distinct scores positive', () => {
    const scores = Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const called = (rate: number) => mean(callsAbove(scores, baseRateThreshold(scores, rate)));
    expect([called(0.3), called(0.75), called(0)]).toEqual([0.3, 0.75, 0]);
    expect(baseRateThreshold(scores, 0.3)).toBe(quantile(scores, 0.7));
  });
  it('agree fully, not at all, or by half on a tie', () => {
    expect([...agreement([1, 0, 0.5, 1], [true, false, true, false])]).toEqual([1, 1, 0.5, 0]);
  });
});

describe('share', () => {
  it('of right calls is the accuracy, with its interval', () => {
    fc.assert(
      fc.property(anySample, ({ scores, positives }) => {
        expect(share(agreement(callsAbove(scores, 0), positives))).toEqual(accuracy(scores, positives));
      }),
    );
  });
  it('refuses what is no share', () => {
    expect(() => share(Float64Array.of(0.5, 1.5))).toThrow(/terms\[1\] to be in \[0, 1\], got "1.5"/);
    expect(() => shareDifference(Float64Array.of(1), Float64Array.of(1, 0))).toThrow(/number of terms to be 1, got 2/);
  });
});

describe('shareDifference', () => {
  it('is McNemar’s test with the interval of Bonett and Price, from the counts of discordant pairs', () => {
    // 12 that only a has, 5 that only b has, 83 that agree.
    const a = Float64Array.from({ length: 100 }, (_, i) => Number(i < 12 || i >= 50));
    const b = Float64Array.from({ length: 100 }, (_, i) => Number((i >= 12 && i < 17) || i >= 50));
    const { estimate, pValue } = shareDifference(a, b);
    const { value, lower, upper, method } = defined(estimate);
    const [onlyA, onlyB] = [13 / 102, 6 / 102];
    const half = normalQuantile(0.975) * Math.sqrt((onlyA + onlyB - (onlyA - onlyB) ** 2) / 102);
    expect(value).toBeCloseTo(0.07, 12);
    expect(lower).toBeCloseTo(onlyA - onlyB - half, 12);
    expect(upper).toBeCloseTo(onlyA - onlyB + half, 12);
    expect(method).toBe('bonett-price');
    // χ² = 49/17 with one degree of freedom.
    expect(pValue).toBeCloseTo(0.08956, 5);
  });
  it('finds nothing between the same calls, without claiming certainty', () => {
    const same = terms(0, 50, 0.6);
    const { estimate, pValue } = shareDifference(same, same);
    const { value, lower, upper } = defined(estimate);
    expect([value, pValue]).toEqual([0, 1]);
    expect(lower).toBe(-upper);
    expect(upper).toBeGreaterThan(0.01);
    expect(reasonOf(shareDifference(new Float64Array(), new Float64Array()).estimate)).toBe('there are no examples');
  });
  it('keeps its value within its interval, and the interval within [−1, 1]', () => {
    const bit = fc.constantFrom(0, 0.5, 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(bit, bit), { minLength: 1, maxLength: 12 }), (pairs) => {
        const [a, b] = [0, 1].map((k) => Float64Array.from(pairs, (pair) => pair[k] as number)) as [
          Float64Array,
          Float64Array,
        ];
        const { value, lower, upper } = defined(shareDifference(a, b).estimate);
        expect(value).toBeCloseTo(mean(a) - mean(b), 12);
        expect(-1 <= lower && lower <= value && value <= upper && upper <= 1).toBe(true);
      }),
    );
  });
});

describe('pooled shares', () => {
  const seeds = [0, 1, 2].map((seed) => ({
    terms: [terms(seed, 300, 0.8), terms(seed + 10, 300, 0.6)],
    examples: {},
  }));
  const means = (k: number) => seeds.map((seed) => mean(seed.terms[k] as Float64Array));

  it('are means over seeds', () => {
    const estimate = defined(pooledShare(seeds));
    expect(estimate.value).toBeCloseTo(mean(means(0)), 12);
    expect(estimate).toMatchObject({ n: 900, method: 'bootstrap-seeds-examples' });
    const { estimate: difference, pValue } = pooledShareDifference(seeds);
    expect(defined(difference).value).toBeCloseTo(mean(means(0)) - mean(means(1)), 12);
    expect(defined(difference).lower).toBeGreaterThan(0);
    expect(pValue).toBeCloseTo(2 / 20_001, 12);
  });
  it("have about the normal interval's width for one seed", () => {
    const [seed] = seeds as [(typeof seeds)[number]];
    const { value, lower, upper } = defined(pooledShare([seed]));
    const deviation = Math.sqrt((value * (1 - value)) / 300);
    expect((upper - lower) / (2 * 1.96 * deviation)).toBeGreaterThan(0.9);
    expect((upper - lower) / (2 * 1.96 * deviation)).toBeLessThan(1.1);
  });
  it('that never vary are not called certain', () => {
    const all = new Float64Array(60).fill(1);
    expect(defined(pooledShare([{ terms: [all], examples: {} }])).lower).toBeCloseTo(0.025 ** (1 / 60), 12);
    const { estimate, pValue } = pooledShareDifference([{ terms: [all, all], examples: {} }]);
    expect(defined(estimate).upper).toBeCloseTo(1 - 0.025 ** (1 / 60), 12);
    expect(pValue).toBe(1);
    expect(reasonOf(pooledShare([{ terms: [new Float64Array()], examples: {} }]))).toBe('there are no examples');
    expect(() => pooledShare([])).toThrow(/perSeed to be at least one seed/);
  });
});

describe('shareGapRecovered', () => {
  const seeds = [0, 1, 2].map((seed) => ({
    student: terms(seed, 400, 0.75),
    floor: terms(seed + 10, 400, 0.6),
    ceiling: terms(seed + 20, 400, 0.9),
    examples: {},
  }));
  const [first] = seeds as [(typeof seeds)[number]];

  it('is (acc_w2s − acc_weak)/(acc_ceiling − acc_weak) of accuracies averaged over seeds', () => {
    const [s, f, c] = (['student', 'floor', 'ceiling'] as const).map((party) =>
      mean(seeds.map((seed) => mean(seed[party]))),
    ) as [number, number, number];
    const { value, lower, upper, n } = defined(shareGapRecovered(seeds));
    expect(value).toBeCloseTo((s - f) / (c - f), 12);
    expect(lower < value && value < upper).toBe(true);
    expect(n).toBe(1200);
  });
  it('is 0 for the floor, 1 for the ceiling and linear between', () => {
    const of = (student: Float64Array) => defined(shareGapRecovered([{ ...first, student }]));
    expect(of(first.floor)).toMatchObject({ value: 0, lower: 0, upper: 0 });
    expect(of(first.ceiling)).toMatchObject({ value: 1, lower: 1, upper: 1 });
    const halfway = first.floor.map((term, i) => (term + (first.ceiling[i] as number)) / 2);
    expect(of(halfway).value).toBeCloseTo(0.5, 12);
  });
  it('is undefined, with the gap, when the gap is not above zero', () => {
    const reversed = { ...first, floor: first.ceiling, ceiling: first.floor };
    expect(reasonOf(shareGapRecovered([reversed]))).toMatch(/^gap \(ceiling − floor\) is not above zero/);
  });
});

describe('differentialElicitation', () => {
  const seeds = [0, 1].map((seed) => ({
    technique: terms(seed, 250, 0.8),
    baseline: terms(seed + 10, 250, 0.55),
    tuned: terms(seed + 20, 250, 0.9),
    examples: {},
  }));

  it('is (accuracy − baseline)/capability of means over seeds', () => {
    const of = (party: 'technique' | 'baseline' | 'tuned') => mean(seeds.map((seed) => mean(seed[party])));
    const { value, lower, upper } = defined(differentialElicitation(seeds));
    expect(value).toBeCloseTo((of('technique') - of('baseline')) / of('tuned'), 12);
    expect(lower < value && value < upper).toBe(true);
  });
  it('is 0 for the baseline, and undefined without capability', () => {
    const [first] = seeds as [(typeof seeds)[number]];
    const still = differentialElicitation([{ ...first, technique: first.baseline }]);
    expect(still).toMatchObject({ value: 0, lower: 0, upper: 0 });
    const incapable = { ...first, tuned: new Float64Array(250) };
    expect(reasonOf(differentialElicitation([incapable]))).toMatch(/capability is not above zero/);
  });
});
