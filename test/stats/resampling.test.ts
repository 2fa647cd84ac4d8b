import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { averagePrecision } from '../../src/stats/average-precision.ts';
import { bootstrap, bootstrapOverSeeds } from '../../src/stats/bootstrap.ts';
import { holm } from '../../src/stats/multiplicity.ts';
import { performanceGapRecovered, pooledPerformanceGapRecovered } from '../../src/stats/pgr.ts';
import { pooledAuroc, pooledAurocDifference } from '../../src/stats/pooled-auroc.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { aurocOfCounts, rankScores } from '../../src/stats/ranking.ts';
import { createResampleCache, type ResampleCache } from '../../src/stats/resample-cache.ts';
import { checkScored } from '../../src/stats/scored-examples.ts';
import { anySample } from './arbitraries.ts';
import { defined, reasonOf } from './defined.ts';
import { naiveAuroc } from './slow-second-implementations.ts';

/** n examples, half of them positive, with one normal score per shift between the classes. */
function simulate(seed: number, n: number, ...shifts: readonly number[]) {
  const rng = createRng(seed, 'simulate');
  const positives = Array.from({ length: n }, (_, i) => i % 2 === 0);
  const common = positives.map(() => rng.normal());
  const scores = shifts.map((shift) => positives.map((p, i) => (p ? shift : 0) + (common[i] ?? 0) + rng.normal() / 2));
  return { positives, scores: scores as [number[], ...number[][]] };
}

function three(seed: number, n: number) {
  const { positives, scores } = simulate(seed, n, 1.5, 0.5, 2.5);
  const [student, floor, ceiling] = scores as [number[], number[], number[]];
  return { positives, student, floor, ceiling };
}

describe('the AUROC of a resample from presorted order', () => {
  it('is the AUROC of the examples written out', () => {
    const withCounts = anySample.chain((sample) =>
      fc.tuple(
        fc.constant(sample),
        fc.array(fc.nat(3), { minLength: sample.scores.length, maxLength: sample.scores.length }),
      ),
    );
    fc.assert(
      fc.property(withCounts, ([{ scores, positives }, counts]) => {
        const { positive } = checkScored(scores, positives);
        const fast = aurocOfCounts(rankScores(scores), positive, Uint32Array.from(counts));
        const drawn = counts.flatMap((count, i) => new Array<number>(count).fill(i));
        const slow = naiveAuroc(
          drawn.map((i) => scores[i] as number),
          drawn.map((i) => positives[i] as boolean),
        );
        if (fast === undefined) expect(slow).toBeNaN();
        else expect(fast).toBeCloseTo(slow, 12);
      }),
    );
  });
});

describe('bootstrap', () => {
  const values = simulate(1, 200, 0).scores[0];
  const mean = (counts: Uint32Array) => values.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0) / 200;

  it('gives about the normal interval of a mean, the same for the same seed and another for another', () => {
    const { value, lower, upper, n, method } = defined(bootstrap(200, mean, { seed: 4 }));
    const centre = values.reduce((sum, x) => sum + x, 0) / 200;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / 199 / 200);
    expect(value).toBeCloseTo(centre, 12);
    expect((upper - lower) / (2 * 1.96 * deviation)).toBeGreaterThan(0.9);
    expect((upper - lower) / (2 * 1.96 * deviation)).toBeLessThan(1.1);
    expect({ n, method }).toEqual({ n: 200, method: 'bootstrap-examples' });
    expect(bootstrap(200, mean, { seed: 4 })).toEqual(bootstrap(200, mean, { seed: 4 }));
    expect(bootstrap(200, mean, { seed: 4 })).not.toEqual(bootstrap(200, mean, { seed: 5 }));
  });
  it('draws n of n with replacement, every example as likely', () => {
    const drawn = new Float64Array(17);
    const statistic = (counts: Uint32Array) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(17);
      counts.forEach((count, i) => {
        (drawn[i] as number) += count;
      });
      return 0;
    };
    bootstrap(17, statistic, { resamples: 4000 });
    // 4,000 expected each, standard deviation 62.
    for (const count of drawn) expect(Math.abs(count - 4000)).toBeLessThan(300);
  });
  it('narrows with the level', () => {
    const [wide, narrow] = [bootstrap(200, mean, { level: 0.99 }), bootstrap(200, mean, { level: 0.5 })].map(defined);
    expect(wide?.lower).toBeLessThan(narrow?.lower ?? 0);
    expect(wide?.upper).toBeGreaterThan(narrow?.upper ?? 0);
  });
  it('is undefined when the statistic is, on the examples or on many resamples', () => {
    expect(reasonOf(bootstrap(3, () => undefined))).toBe('it cannot be computed on these examples');
    const oneNeeded = (counts: Uint32Array) => (counts[0] ? 1 : undefined);
    expect(reasonOf(bootstrap(100, oneNeeded))).toMatch(/^too few examples: \d+ of 1000 bootstrap resamples/);
  });
  it('refuses zero resamples', () => {
    expect(() => bootstrap(2, () => 0, { resamples: 0 })).toThrow(/resamples to be a whole number from 1, got 0/);
  });
  it('shows the spread between seeds', () => {
    const constant = (value: number) => ({ n: 5, columns: [{ prepare: () => () => value }] });
    const first = ([value]: readonly number[]) => value as number;
    const { value, lower, upper, n } = defined(bootstrapOverSeeds([1, 2, 6].map(constant), first));
    expect({ value, lower, upper, n }).toEqual({ value: 3, lower: 1, upper: 6, n: 15 });
  });
});

describe('pooledAuroc', () => {
  const perSeed = [0, 1, 2].map((seed) => {
    const { positives, scores } = simulate(seed, 120, 1);
    return { scores: scores[0], positives };
  });

  it('is the mean of the AUROCs, with the examples of all seeds', () => {
    const { value, lower, upper, n, method } = defined(pooledAuroc(perSeed));
    const each = perSeed.map(({ scores, positives }) => naiveAuroc(scores, positives));
    expect(value).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / 3, 12);
    expect(lower < value && value < upper).toBe(true);
    expect({ n, method }).toEqual({ n: 360, method: 'bootstrap-seeds-examples' });
  });
  it("agrees with DeLong's interval for one seed of many examples", () => {
    const { positives, scores } = simulate(3, 1000, 1);
    const bootstrapped = defined(pooledAuroc([{ scores: scores[0], positives }], { resamples: 2000 }));
    const delong = defined(auroc(scores[0], positives));
    expect(bootstrapped.method).toBe('bootstrap-examples');
    expect(Math.abs(bootstrapped.lower - delong.lower)).toBeLessThan(0.004);
    expect(Math.abs(bootstrapped.upper - delong.upper)).toBeLessThan(0.004);
  });
  it('does not call perfect separation certain', () => {
    const perfect = {
      scores: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      positives: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
    };
    const estimate = defined(pooledAuroc([perfect, perfect]));
    expect(estimate).toMatchObject({ value: 1, upper: 1, method: 'rule-of-three' });
    expect(estimate.lower).toBeCloseTo(0.025 ** (1 / 12), 12);
  });
  it('is undefined when a seed has one class, and refuses no seeds', () => {
    const reason = reasonOf(pooledAuroc([...perSeed, { scores: [1], positives: [true] }]));
    expect(reason).toBe('there is no negative among 1 examples');
    expect(() => pooledAuroc([])).toThrow(/perSeed to be at least one seed/);
  });
});

describe('pooledAurocDifference', () => {
  const pairs = (shiftA: number, shiftB: number) =>
    [0, 1, 2].map((seed) => {
      const { positives, scores } = simulate(seed, 160, shiftA, shiftB);
      return { a: scores[0], b: scores[1] as number[], positives };
    });

  it('is the mean difference, narrower than unpaired, and significant when it is large', () => {
    const perSeed = pairs(1.5, 1);
    const { estimate, pValue } = pooledAurocDifference(perSeed);
    const { value, lower, upper } = defined(estimate);
    const each = perSeed.map(({ a, b, positives }) => naiveAuroc(a, positives) - naiveAuroc(b, positives));
    expect(value).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / 3, 12);
    expect(lower).toBeGreaterThan(0);
    const widths = (['a', 'b'] as const).map((party) => {
      const alone = defined(pooledAuroc(perSeed.map((seed) => ({ scores: seed[party], positives: seed.positives }))));
      return alone.upper - alone.lower;
    });
    expect(upper - lower).toBeLessThan(0.8 * Math.hypot(...widths));
    expect(pValue).toBeCloseTo(2 / 20_001, 12);
    // Small enough to survive a correction over thirty techniques.
    expect(Math.max(...(holm(Array.from({ length: 30 }, () => pValue)) as number[]))).toBeLessThan(0.01);
  });
  it('changes sign with its arguments', () => {
    const forward = defined(pooledAurocDifference(pairs(1.2, 1)).estimate);
    const swapped = pairs(1.2, 1).map(({ a, b, positives }) => ({ a: b, b: a, positives }));
    const backward = defined(pooledAurocDifference(swapped).estimate);
    expect(backward.value).toBeCloseTo(-forward.value, 12);
    expect(backward.lower).toBeCloseTo(-forward.upper, 12);
  });
  it('finds nothing between equal techniques, and zero between the same', () => {
    expect(pooledAurocDifference(pairs(1, 1)).pValue).toBeGreaterThan(0.05);
    const same = pairs(1, 1).map(({ a, positives }) => ({ a, b: a, positives }));
    const { estimate, pValue } = pooledAurocDifference(same);
    expect(estimate).toMatchObject({ value: 0, lower: 0, upper: 0 });
    expect(pValue).toBe(1);
  });
  it('does not claim that two perfect techniques are equal', () => {
    const positives = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    const a = positives.map((_, i) => i);
    const b = [5, 4, 3, 2, 1, 0, 6, 7, 8, 9, 10, 11];
    const { estimate, pValue } = pooledAurocDifference([{ a, b, positives }]);
    const { value, lower, upper } = defined(estimate);
    expect([value, pValue]).toEqual([0, undefined]);
    expect(upper).toBeCloseTo(1 - 0.0125 ** (1 / 6), 12);
    expect(lower).toBe(-upper);
  });
});

describe('a cache of resamples', () => {
  it('draws once and ranks each score once, and changes no number', () => {
    const { positives, scores } = simulate(7, 150, 1.5, 1);
    const [a, b] = scores as [number[], number[]];
    const seeds = [{ a, b, positives }];
    const cache = createResampleCache();
    const seen: string[] = [];
    const spying: ResampleCache = {
      resamples: (examples, name, draw) =>
        cache.resamples(examples, name, () => {
          seen.push('drawn');
          return draw();
        }),
      values: (of, examples, name, compute) =>
        cache.values(of, examples, name, () => {
          seen.push(name.split(' ')[0] as string);
          return compute();
        }),
    };
    for (let time = 0; time < 2; time++) {
      expect(pooledAurocDifference(seeds, { cache: spying })).toEqual(pooledAurocDifference(seeds));
      expect(pooledAuroc([{ scores: a, positives }], { cache: spying })).toEqual(
        pooledAuroc([{ scores: a, positives }]),
      );
      expect(averagePrecision(a, positives, { cache: spying })).toEqual(averagePrecision(a, positives));
    }
    expect(seen.sort()).toEqual(['auroc', 'auroc', 'average-precision', 'drawn']);
  });
});

describe('performanceGapRecovered', () => {
  const { positives, student, floor, ceiling } = three(5, 300);

  it('is the share of the AUROC gap that the student recovers', () => {
    const { value, lower, upper, n, method } = defined(performanceGapRecovered({ student, floor, ceiling }, positives));
    const [s, f, c] = [student, floor, ceiling].map((scores) => naiveAuroc(scores, positives)) as [
      number,
      number,
      number,
    ];
    expect(value).toBeCloseTo((s - f) / (c - f), 12);
    expect(lower < value && value < upper).toBe(true);
    expect({ n, method }).toEqual({ n: 300, method: 'bootstrap-examples' });
  });
  it('is exactly 0 for the floor and 1 for the ceiling', () => {
    const ofFloor = performanceGapRecovered({ student: floor, floor, ceiling }, positives);
    expect(ofFloor).toMatchObject({ value: 0, lower: 0, upper: 0 });
    const ofCeiling = performanceGapRecovered({ student: ceiling, floor, ceiling }, positives);
    expect(ofCeiling).toMatchObject({ value: 1, lower: 1, upper: 1 });
  });
  it('is undefined, with the gap, when the gap is not above zero with confidence', () => {
    const pattern =
      /^gap \(ceiling − floor\) is not above zero with confidence: -?\d\.\d{3} \[-?\d\.\d{3}, -?\d\.\d{3}\]$/;
    expect(reasonOf(performanceGapRecovered({ student, floor, ceiling: floor }, positives))).toMatch(pattern);
    expect(reasonOf(performanceGapRecovered({ student, floor: ceiling, ceiling: floor }, positives))).toMatch(pattern);
    const noise = simulate(9, 40, 1, 1.05, 1.1);
    const [a, b, c] = noise.scores as [number[], number[], number[]];
    expect(reasonOf(performanceGapRecovered({ student: a, floor: b, ceiling: c }, noise.positives))).toMatch(pattern);
  });
  it('counts resamples without a gap against both ends, and keeps the ends finite', () => {
    let shaky = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { positives, scores } = simulate(seed, 30, 0.8, 0.5, 1.1);
      const slow = naiveGapBootstrap(scores as number[][], positives, seed);
      const [student, floor, ceiling] = scores as [number[], number[], number[]];
      const estimate = performanceGapRecovered({ student, floor, ceiling }, positives, { resamples: 200, seed });
      if ('undefined' in estimate) continue;
      shaky += Number(slow.gapless > 0);
      expect(Number.isFinite(estimate.lower) && Number.isFinite(estimate.upper)).toBe(true);
      expect(estimate.lower).toBeCloseTo(slow.lower, 10);
      expect(estimate.upper).toBeCloseTo(slow.upper, 10);
    }
    expect(shaky).toBeGreaterThan(0);
  });
  it('says so with one class, and names the party whose score is not finite', () => {
    const one = { student: [1, 2], floor: [1, 2], ceiling: [1, 2] };
    expect(reasonOf(performanceGapRecovered(one, [1, 1]))).toBe('there is no negative among 2 examples');
    const bad = { ...one, floor: [1, Number.NaN] };
    expect(() => performanceGapRecovered(bad, [1, 0])).toThrow(/floor\[1\] to be a finite number/);
  });
  it('averages AUROCs over seeds before the ratio', () => {
    const seeds = [1, 2, 3].map((seed) => three(seed, 200));
    const { value, n, method } = defined(pooledPerformanceGapRecovered(seeds));
    const mean = (party: 'student' | 'floor' | 'ceiling') =>
      seeds.reduce((sum, seed) => sum + naiveAuroc(seed[party], seed.positives), 0) / 3;
    expect(value).toBeCloseTo((mean('student') - mean('floor')) / (mean('ceiling') - mean('floor')), 12);
    expect({ n, method }).toEqual({ n: 600, method: 'bootstrap-seeds-examples' });
  });
});

/** Ends of the interval of PGR from 200 resamples written out, those without a gap at −∞ and at +∞. */
function naiveGapBootstrap(parties: readonly number[][], positives: readonly boolean[], seed: number) {
  const rng = createRng(seed, 'bootstrap');
  const ratios = Array.from({ length: 200 }, () => {
    const drawn = positives.map(() => rng.integer(0, positives.length - 1));
    const classes = drawn.map((i) => positives[i] as boolean);
    const aurocs = parties.map((scores) =>
      naiveAuroc(
        drawn.map((i) => scores[i] as number),
        classes,
      ),
    );
    const [s, f, c] = aurocs as [number, number, number];
    // The slow AUROCs round, so equal ones may differ by a little.
    return c - f > 1e-9 ? (s - f) / (c - f) : undefined;
  });
  const end = (p: number, missing: number) =>
    quantile(
      ratios.map((ratio) => ratio ?? missing),
      p,
    );
  const gapless = ratios.filter((ratio) => ratio === undefined).length;
  return { gapless, lower: end(0.025, Number.NEGATIVE_INFINITY), upper: end(0.975, Number.POSITIVE_INFINITY) };
}
