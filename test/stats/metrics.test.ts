import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Estimate, isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { accuracy } from '../../src/stats/accuracy.ts';
import { auroc, aurocDifference } from '../../src/stats/auroc.ts';
import { averagePrecision } from '../../src/stats/average-precision.ts';
import { brier } from '../../src/stats/brier.ts';
import { delongVariance, placementsOf } from '../../src/stats/delong.ts';
import { rocCurve } from '../../src/stats/roc-curve.ts';
import { checkScored, type Positives, type Scores } from '../../src/stats/scored-examples.ts';
import { tprAtFpr } from '../../src/stats/tpr-at-fpr.ts';
import { anySample, otherScores, twoClassSample } from './arbitraries.ts';
import { defined, reasonOf } from './defined.ts';
import {
  naiveAuroc,
  naiveAveragePrecision,
  naiveDelongVariance,
  naiveTprAtFpr,
} from './slow-second-implementations.ts';

const few = { resamples: 30 };
const metrics: Record<string, (scores: Scores, positives: Positives) => Estimate> = {
  auroc,
  averagePrecision: (scores, positives) => averagePrecision(scores, positives, few),
  'tprAtFpr 0.3': (scores, positives) => tprAtFpr(scores, positives, 0.3, few),
  accuracy,
  brier: (scores, positives) => brier(scores, positives, few),
};
const ofTwoClasses = ['auroc', 'averagePrecision', 'tprAtFpr 0.3'];

describe.each(Object.entries(metrics))('%s', (_, metric) => {
  it('says why it is undefined, or lies in [0, 1] with an interval that is finite and in order', () => {
    fc.assert(
      fc.property(anySample, ({ scores, positives }) => {
        const estimate = metric(scores, positives);
        if (!isDefined(estimate)) {
          expect(estimate.undefined).not.toBe('');
          return;
        }
        const { value, lower, upper, n } = estimate;
        expect(n).toBe(scores.length);
        for (const number of [value, lower, upper]) expect(number >= 0 && number <= 1).toBe(true);
        expect(lower).toBeLessThanOrEqual(upper);
      }),
    );
  });
  it('is undefined without examples', () => {
    expect(reasonOf(metric([], []))).toBe('there are no examples');
  });
  it('names a score that is not finite, and lengths that differ', () => {
    expect(() => metric([1, Number.NaN], [true, false])).toThrow(/\[1\] to be a finite number, got "NaN"/);
    expect(() => metric([1, 2, Number.POSITIVE_INFINITY], [1, 0, 1])).toThrow(/\[2\] to be a finite number/);
    expect(() => metric([1, 2], [true])).toThrow(/to be as many as the 1 positives, got 2/);
    expect(() => metric([1, 2], [1, 2])).toThrow(/positives\[1\] to be true, false, 1 or 0, got 2/);
  });
  it('gives the same value when the examples come in another order', () => {
    fc.assert(
      fc.property(twoClassSample, fc.integer(), ({ scores, positives }, seed) => {
        const order = createRng(seed).shuffle(scores.map((_, i) => i));
        const [a, b] = [metric(scores, positives), metric(pick(scores, order), pick(positives, order))];
        if (isDefined(a) && isDefined(b)) expect(b.value).toBeCloseTo(a.value, 12);
      }),
    );
  });
  it('takes booleans, numbers and typed arrays alike', () => {
    const scores = [0.5, -1, 2, 0.25, -3, 0, 1, 4];
    const positives = [true, false, true, true, false, false, false, true];
    expect(metric(Float64Array.from(scores), Uint8Array.from(positives, Number))).toEqual(metric(scores, positives));
  });
});

describe.each(ofTwoClasses)('%s of two classes', (name) => {
  const metric = metrics[name] as (scores: Scores, positives: Positives) => Estimate;
  it('is undefined with one class, and at n = 1', () => {
    expect(reasonOf(metric([1, 2], [true, true]))).toBe('there is no negative among 2 examples');
    expect(reasonOf(metric([1], [false]))).toBe('there is no positive among 1 examples');
  });
  it('does not change under an increasing transform of the scores', () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        const stretched = scores.map((score) => Math.cbrt(score) * 7 + 3);
        // A transform that rounds two scores into one is not increasing.
        fc.pre(new Set(scores).size === new Set(stretched).size);
        expect(metric(stretched, positives)).toEqual(metric(scores, positives));
      }),
    );
  });
});

describe('against slow second implementations', () => {
  it('AUROC', () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        expect(defined(auroc(scores, positives)).value).toBeCloseTo(naiveAuroc(scores, positives), 12);
      }),
    );
  });
  it("DeLong's variance", () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        const sample = checkScored(scores, positives);
        const variance = delongVariance(placementsOf(sample).values, sample);
        expect(variance).toBeCloseTo(naiveDelongVariance(scores, positives), 12);
      }),
    );
  });
  it("DeLong's paired difference", () => {
    const pairs = twoClassSample.chain((sample) => fc.tuple(fc.constant(sample), otherScores(sample)));
    fc.assert(
      fc.property(pairs, ([{ scores, positives }, other]) => {
        const { value, lower, upper, method } = defined(aurocDifference(scores, other, positives).estimate);
        expect(value).toBeCloseTo(naiveAuroc(scores, positives) - naiveAuroc(other, positives), 12);
        expect(lower <= value && value <= upper).toBe(true);
        if (method !== 'paired-delong' || upper === 1 || lower === -1) return;
        const deviation = Math.sqrt(naiveDelongVariance(scores, positives, other));
        expect((upper - lower) / 2).toBeCloseTo(1.959963984540054 * deviation, 10);
      }),
    );
  });
  it('average precision', () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        const estimate = averagePrecision(scores, positives, few);
        if (isDefined(estimate)) expect(estimate.value).toBeCloseTo(naiveAveragePrecision(scores, positives), 12);
      }),
    );
  });
  it('TPR at FPR', () => {
    fc.assert(
      fc.property(twoClassSample, fc.constantFrom(0.15, 0.25, 0.29, 0.5, 0.9), ({ scores, positives }, target) => {
        const estimate = tprAtFpr(scores, positives, target, few);
        if (isDefined(estimate)) expect(estimate.value).toBeCloseTo(naiveTprAtFpr(scores, positives, target), 12);
      }),
    );
  });
  it('accuracy and Brier score', () => {
    fc.assert(
      fc.property(anySample, ({ scores, positives }) => {
        if (scores.length === 0) return;
        const correct = scores.filter((score, i) => (score > 0 ? positives[i] : !positives[i])).length;
        expect(defined(accuracy(scores, positives)).value).toBeCloseTo(correct / scores.length, 12);
        const errors = scores.map((score, i) => (1 / (1 + Math.exp(-score)) - Number(positives[i])) ** 2);
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        expect(defined(brier(scores, positives, few)).value).toBeCloseTo(mean, 12);
      }),
    );
  });
});

describe('auroc where the variance says nothing', () => {
  it('bounds perfect separation by the pairs that share no example', () => {
    const perfect = defined(auroc([1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 1, 1, 1]));
    expect(perfect).toMatchObject({ value: 1, upper: 1, method: 'rule-of-three' });
    expect(perfect.lower).toBeCloseTo(0.025 ** (1 / 3), 12);
    const reversed = defined(auroc([7, 6, 5, 4, 3, 2, 1], [0, 0, 0, 0, 1, 1, 1]));
    expect(reversed).toMatchObject({ value: 0, lower: 0 });
    expect(reversed.upper).toBeCloseTo(1 - 0.025 ** (1 / 3), 12);
  });
  it('knows nothing when a class has one example', () => {
    expect(auroc([1, 2, 3], [0, 1, 0])).toMatchObject({ value: 0.5, lower: 0, upper: 1 });
  });
  it('gives constant scores exactly one half', () => {
    expect(auroc([5, 5, 5, 5, 5], [1, 0, 1, 0, 0])).toMatchObject({ value: 0.5, lower: 0.5, upper: 0.5 });
  });
  it('turns around with the scores', () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        const [a, b] = [
          auroc(scores, positives),
          auroc(
            scores.map((score) => -score),
            positives,
          ),
        ].map(defined);
        expect((a?.value ?? 0) + (b?.value ?? 0)).toBeCloseTo(1, 12);
        expect((a?.lower ?? 0) + (b?.upper ?? 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('aurocDifference', () => {
  const positives = [0, 0, 0, 1, 1, 1];
  it('is exactly zero between scores that rank alike', () => {
    const { estimate, pValue } = aurocDifference([1, 3, 2, 2, 5, 6], [10, 30, 20, 20, 500, 600], positives);
    expect(estimate).toMatchObject({ value: 0, lower: 0, upper: 0 });
    expect(pValue).toBe(1);
  });
  it('does not claim that two perfect scores are equal', () => {
    const { estimate, pValue } = aurocDifference([1, 2, 3, 4, 5, 6], [3, 2, 1, 4, 5, 6], positives);
    const { value, lower, upper } = defined(estimate);
    expect([value, pValue]).toEqual([0, undefined]);
    expect(upper).toBeCloseTo(1 - 0.0125 ** (1 / 3), 12);
    expect(lower).toBeCloseTo(-upper, 12);
  });
  it('is undefined with one class', () => {
    const { estimate, pValue } = aurocDifference([1, 2], [2, 1], [1, 1]);
    expect(reasonOf(estimate)).toBe('there is no negative among 2 examples');
    expect(pValue).toBeUndefined();
  });
  it('names the scores that are not finite', () => {
    expect(() => aurocDifference([1, 2], [2, Number.NaN], [1, 0])).toThrow(/scoresB\[1\]/);
  });
});

describe('tprAtFpr', () => {
  it('counts a tie with the deciding negative against the score', () => {
    // Four negatives and a target of 0.25 allow one above the threshold, which is the second highest negative, 3.
    expect(defined(tprAtFpr([3, 3.5, 2, 4, 3, 1, 0], [1, 1, 1, 0, 0, 0, 0], 0.25, few)).value).toBeCloseTo(1 / 3, 12);
  });
  it('does not lose an allowed negative to rounding', () => {
    // 0.29 · 100 is 28.999… in floating point; 29 negatives may lie above.
    const scores = [...Array.from({ length: 100 }, (_, i) => i), ...Array(10).fill(70.5)];
    const positives = [...Array(100).fill(0), ...Array(10).fill(1)];
    expect(defined(tprAtFpr(scores, positives, 0.29, few)).value).toBe(1);
  });
  it('is undefined when the negatives cannot tell the rate from zero', () => {
    const scores = Array.from({ length: 120 }, (_, i) => i);
    const positives = scores.map((score) => score >= 99);
    expect(reasonOf(tprAtFpr(scores, positives, 0.01))).toBe(
      'a false-positive rate of 0.01 needs at least 100 negatives, there are 99',
    );
    expect(isDefined(tprAtFpr(scores, positives, 0.02))).toBe(true);
  });
  it('refuses a rate outside (0, 1)', () => {
    expect(() => tprAtFpr([1, 2], [0, 1], 1)).toThrow(/fpr to be between 0 and 1, got 1/);
  });
  it('bounds a perfect rate by the number of positives', () => {
    const scores = Array.from({ length: 40 }, (_, i) => i);
    const estimate = defined(
      tprAtFpr(
        scores,
        scores.map((score) => score >= 20),
        0.1,
        few,
      ),
    );
    expect(estimate).toMatchObject({ value: 1, upper: 1, method: 'rule-of-three' });
    expect(estimate.lower).toBeCloseTo(0.025 ** (1 / 20), 12);
  });
});

describe('intervals without variation are not points', () => {
  it('average precision at perfect separation', () => {
    const scores = Array.from({ length: 40 }, (_, i) => i);
    const estimate = defined(
      averagePrecision(
        scores,
        scores.map((score) => score >= 20),
        few,
      ),
    );
    expect(estimate).toMatchObject({ value: 1, upper: 1, method: 'rule-of-three' });
    expect(estimate.lower).toBeLessThan(1);
  });
  it('Brier score at n = 1 and with equal terms', () => {
    expect(brier([0], [1])).toMatchObject({ value: 0.25, n: 1, method: 'rule-of-three' });
    const { lower, upper } = defined(brier(new Array(50).fill(0), new Array(50).fill(1)));
    expect(lower).toBeLessThan(0.25);
    expect(upper).toBeGreaterThan(0.25);
  });
  it('accuracy at n = 1', () => {
    const { value, lower, upper } = defined(accuracy([3], [true]));
    expect([value, upper]).toEqual([1, 1]);
    expect(lower).toBeCloseTo(1 / (1 + 1.959963984540054 ** 2), 10);
  });
});

describe('rocCurve', () => {
  it('has the AUROC under it', () => {
    fc.assert(
      fc.property(twoClassSample, ({ scores, positives }) => {
        const curve = rocCurve(scores, positives);
        const area = curve.slice(1).reduce((sum, { fpr, tpr }, i) => {
          const before = curve[i] ?? { fpr: 0, tpr: 0 };
          return sum + ((fpr - before.fpr) * (tpr + before.tpr)) / 2;
        }, 0);
        expect(area).toBeCloseTo(naiveAuroc(scores, positives), 12);
      }),
    );
  });
  it('gives the rates of its thresholds', () => {
    const [scores, positives] = [
      [1, 2, 2, 3],
      [0, 1, 0, 1],
    ];
    expect(rocCurve(scores, positives)).toEqual([
      { fpr: 0, tpr: 0, threshold: Number.POSITIVE_INFINITY },
      { fpr: 0, tpr: 0.5, threshold: 3 },
      { fpr: 0.5, tpr: 1, threshold: 2 },
      { fpr: 1, tpr: 1, threshold: 1 },
    ]);
  });
  it('thins to about the points asked for, ends kept', () => {
    const rng = createRng(0);
    const scores = Array.from({ length: 3000 }, () => rng.normal());
    const curve = rocCurve(
      scores,
      scores.map((score) => score + rng.normal() > 0),
      { maxPoints: 50 },
    );
    expect(curve.length).toBeGreaterThan(45);
    expect(curve.length).toBeLessThanOrEqual(51);
    expect(curve[0]).toMatchObject({ fpr: 0, tpr: 0 });
    expect(curve.at(-1)).toMatchObject({ fpr: 1, tpr: 1 });
  });
  it('is empty with one class', () => {
    expect(rocCurve([1, 2], [1, 1])).toEqual([]);
  });
});

test('a level outside (0, 1) is refused', () => {
  expect(() => auroc([1, 2], [0, 1], { level: 95 })).toThrow(/level to be a number between 0 and 1, got 95/);
});

function pick<T>(items: readonly T[], order: readonly number[]): T[] {
  return order.map((i) => items[i] as T);
}
