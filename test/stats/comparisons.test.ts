import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { chiSquareTail } from '../../src/stats/chi-square.ts';
import { detectableShare } from '../../src/stats/detectable-share.ts';
import { independentDifference } from '../../src/stats/independent-difference.ts';
import { logOddsRatio } from '../../src/stats/log-odds-ratio.ts';
import { meanVariance } from '../../src/stats/mean-variance.ts';
import { wilsonEstimate } from '../../src/stats/wilson-estimate.ts';
import { defined } from './defined.ts';

const bits = (text: string) => [...text].map((bit) => bit === '1');

describe('the tail of chi-square', () => {
  it('is near tabulated quantiles and the closed form at two degrees', () => {
    expect(Math.abs(chiSquareTail(3.841, 1) - 0.05)).toBeLessThan(0.01);
    expect(Math.abs(chiSquareTail(9.488, 4) - 0.05)).toBeLessThan(0.002);
    expect(Math.abs(chiSquareTail(18.307, 10) - 0.05)).toBeLessThan(0.001);
    for (const x of [0.5, 1, 2, 5, 9]) expect(Math.abs(chiSquareTail(x, 2) - Math.exp(-x / 2))).toBeLessThan(0.01);
    expect(chiSquareTail(0, 3)).toBe(1);
  });
});

describe('a difference of independent estimates', () => {
  const estimate = (value: number, lower: number, upper: number) => ({
    value,
    lower,
    upper,
    level: 0.95,
    n: 10,
    method: '',
  });

  it('adds squared distances, each to its own side', () => {
    const { value, lower, upper, n } = defined(
      independentDifference(estimate(0.7, 0.6, 0.75), estimate(0.5, 0.48, 0.54)),
    );
    expect(value).toBeCloseTo(0.2, 12);
    expect(lower).toBeCloseTo(0.2 - Math.hypot(0.1, 0.04), 12);
    expect(upper).toBeCloseTo(0.2 + Math.hypot(0.05, 0.02), 12);
    expect(n).toBe(20);
  });

  it('is undefined with either', () => {
    expect(independentDifference({ undefined: 'a' }, estimate(1, 1, 1))).toEqual({ undefined: 'a' });
    expect(independentDifference(estimate(1, 1, 1), { undefined: 'b' })).toEqual({ undefined: 'b' });
  });
});

describe('a log odds ratio', () => {
  it('is that of the raised counts', () => {
    const { estimate } = logOddsRatio(bits('1110001'), bits('1100010'));
    expect(defined(estimate).value).toBeCloseTo(Math.log((2.5 * 2.5) / (2.5 * 1.5)), 12);
  });

  it('vanishes within strata that explain it', () => {
    const rng = createRng(0, 'strata');
    const strata = Array.from({ length: 2000 }, (_, i) => i % 2);
    const draw = () => strata.map((stratum) => rng.chance(stratum ? 0.9 : 0.1));
    const [a, b] = [draw(), draw()];
    expect(defined(logOddsRatio(a, b).estimate).lower).toBeGreaterThan(2);
    const given = logOddsRatio(a, b, { strata });
    expect(defined(given.estimate).lower).toBeLessThan(0);
    expect(given.pValue).toBeGreaterThan(0.01);
  });

  it('rejects independence as often as its level says', () => {
    const rng = createRng(1, 'independence');
    const draw = () => Array.from({ length: 200 }, () => rng.chance(0.4));
    const rejected = Array.from({ length: 400 }, () => logOddsRatio(draw(), draw()).pValue as number);
    expect(rejected.filter((p) => p < 0.05).length).toBeLessThan(32);
  });

  it('is undefined where a bit never varies', () => {
    expect(logOddsRatio(bits('1111'), bits('1010'))).toMatchObject({ pValue: undefined });
    expect(logOddsRatio([], [])).toHaveProperty('estimate.undefined');
  });
});

describe('the detectable share', () => {
  it('is found in four of five simulated cases', () => {
    const design = { trusted: 150, untrusted: 400, separation: 1.5 };
    const share = detectableShare(design) as number;
    const rng = createRng(2, 'power');
    let found = 0;
    for (let trial = 0; trial < 600; trial++) {
      const t = meanVariance(Float64Array.from({ length: 150 }, () => rng.normal()));
      const u = meanVariance(Float64Array.from({ length: 400 }, () => rng.normal() - (rng.chance(share) ? 1.5 : 0)));
      found += Number((t.mean - u.mean) / Math.sqrt(t.variance + u.variance) > 1.6449);
    }
    expect(Math.abs(found / 600 - 0.8)).toBeLessThan(0.05);
  });

  it('is undefined without examples or separation', () => {
    expect(detectableShare({ trusted: 0, untrusted: 5, separation: 1 })).toBeUndefined();
    expect(detectableShare({ trusted: 5, untrusted: 5, separation: 0 })).toBeUndefined();
  });
});

describe('a share by count', () => {
  it("has Wilson's interval", () => {
    // Newcombe (1998), table I: 81 of 263.
    const { lower, upper } = defined(wilsonEstimate(81, 263));
    expect([lower, upper].map((end) => end.toFixed(4))).toEqual(['0.2553', '0.3662']);
    expect(wilsonEstimate(0, 0)).toHaveProperty('undefined');
  });
});
