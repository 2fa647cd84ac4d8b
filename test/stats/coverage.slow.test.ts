import { describe, expect, it } from 'vitest';
import { type Estimate, isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { accuracy } from '../../src/stats/accuracy.ts';
import { auroc, aurocDifference } from '../../src/stats/auroc.ts';
import { averagePrecision } from '../../src/stats/average-precision.ts';
import { brier } from '../../src/stats/brier.ts';
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts';
import { performanceGapRecovered } from '../../src/stats/pgr.ts';
import { pooledAuroc } from '../../src/stats/pooled-auroc.ts';
import { rmsCalibrationError } from '../../src/stats/rms-calibration.ts';
import { shareDifference } from '../../src/stats/share.ts';
import { tprAtFpr } from '../../src/stats/tpr-at-fpr.ts';

/** Simulations with a known truth: how often does a 95 % interval hold it? 1,000 simulations tell shares to ± 0.02. */
const rng = createRng(0, 'coverage');

/** Binormal scores: positives are shifted; the scores of one example share `shared` of their variance 1. */
function binormal(positives: number, negatives: number, shifts: readonly number[], shared = 0.7) {
  const truth = [...new Array<boolean>(positives).fill(true), ...new Array<boolean>(negatives).fill(false)];
  const common = truth.map(() => Math.sqrt(shared) * rng.normal());
  const own = Math.sqrt(1 - shared);
  const scores = shifts.map((shift) =>
    truth.map((real, i) => (real ? shift : 0) + (common[i] as number) + own * rng.normal()),
  );
  return { truth, scores: scores as number[][] & { 0: number[]; 1: number[]; 2: number[] } };
}

/** AUROC of the binormal model. */
function trueAuroc(shift: number): number {
  return normalCdf(shift / Math.SQRT2);
}

/** Share of the defined intervals that hold `truth`. */
function coverage(truth: number, simulations: number, estimate: (seed: number) => Estimate): number {
  const estimates = Array.from({ length: simulations }, (_, seed) => estimate(seed)).filter(isDefined);
  expect(estimates.length).toBeGreaterThan(simulations / 10);
  return estimates.filter(({ lower, upper }) => lower <= truth && truth <= upper).length / estimates.length;
}

describe("DeLong's interval on the logit scale", () => {
  it.each([
    [50, 50, 0],
    [50, 50, 1],
    [50, 50, 2.3],
    [30, 30, 3],
    [15, 15, 1.2],
    [200, 40, 1],
    [400, 400, 3],
  ])('%i positives, %i negatives, shift %f', (positives, negatives, shift) => {
    const share = coverage(trueAuroc(shift), 1000, () => {
      const { truth, scores } = binormal(positives, negatives, [shift]);
      return auroc(scores[0], truth);
    });
    expect(share).toBeGreaterThanOrEqual(0.92);
  });
  it('covers when most samples are perfectly separated', () => {
    const share = coverage(trueAuroc(4), 1000, () => {
      const { truth, scores } = binormal(15, 15, [4]);
      return auroc(scores[0], truth);
    });
    expect(share).toBeGreaterThanOrEqual(0.92);
  });
});

it.each([
  [50, 50, 1, 1],
  [80, 40, 1.8, 1],
])('paired DeLong: %i positives, %i negatives, shifts %f and %f', (positives, negatives, a, b) => {
  const share = coverage(trueAuroc(a) - trueAuroc(b), 1000, () => {
    const { truth, scores } = binormal(positives, negatives, [a, b]);
    return aurocDifference(scores[0], scores[1], truth).estimate;
  });
  expect(share).toBeGreaterThanOrEqual(0.92);
});

it('the paired p-value is below 0.05 in about 5 % of equal pairs', () => {
  const small = Array.from({ length: 1000 }, () => {
    const { truth, scores } = binormal(60, 60, [1, 1]);
    return (aurocDifference(scores[0], scores[1], truth).pValue as number) < 0.05;
  });
  const share = small.filter(Boolean).length / 1000;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.075);
});

it.each([
  [150, 1.4, 0.7, 2.2],
  [60, 1.2, 0.5, 2.5],
])('PGR, when defined: %i of each class, shifts %f between %f and %f', (each, student, floor, ceiling) => {
  const [s, f, c] = [student, floor, ceiling].map(trueAuroc) as [number, number, number];
  const share = coverage((s - f) / (c - f), 500, (seed) => {
    const { truth, scores } = binormal(each, each, [student, floor, ceiling]);
    return performanceGapRecovered({ student: scores[0], floor: scores[1], ceiling: scores[2] }, truth, {
      seed,
      resamples: 400,
    });
  });
  expect(share).toBeGreaterThanOrEqual(0.92);
});

describe('bootstrap over seeds, then examples, of three seeds', () => {
  // With 3 seeds two thirds of the variance between seeds is seen, but that between examples is counted twice.
  it.each([
    [0, 0.95],
    [0.1, 0.93],
    [0.5, 0.75],
  ])('deviation %f of the shift between seeds', (deviation, least) => {
    const share = coverage(normalCdf(1.2 / Math.sqrt(2 + deviation ** 2)), 400, (seed) => {
      const perSeed = [0, 1, 2].map(() => {
        const { truth, scores } = binormal(100, 100, [1.2 + deviation * rng.normal()]);
        return { scores: scores[0], positives: truth };
      });
      return pooledAuroc(perSeed, { seed, resamples: 400 });
    });
    expect(share).toBeGreaterThanOrEqual(least);
  });
});

it.each([
  [200, 200, 0.05, 0.92],
  [400, 400, 0.01, 0.92],
  [200, 200, 0.01, 0.87],
])('TPR: %i positives, %i negatives at FPR %f', (positives, negatives, fpr, least) => {
  const share = coverage(1 - normalCdf(normalQuantile(1 - fpr) - 1.5), 500, (seed) => {
    const { truth, scores } = binormal(positives, negatives, [1.5]);
    return tprAtFpr(scores[0], truth, fpr, { seed, resamples: 400 });
  });
  expect(share).toBeGreaterThanOrEqual(least);
});

it('average precision', () => {
  const large = binormal(200_000, 200_000, [1.5]);
  const truth = averagePrecision(large.scores[0], large.truth, { resamples: 1 });
  const share = coverage(isDefined(truth) ? truth.value : Number.NaN, 500, (seed) => {
    const sample = binormal(100, 100, [1.5]);
    return averagePrecision(sample.scores[0], sample.truth, { seed, resamples: 400 });
  });
  expect(share).toBeGreaterThanOrEqual(0.92);
});

it('accuracy and Brier score of log-odds that are right', () => {
  const logOdds = () => Array.from({ length: 80 }, () => 2 * rng.normal());
  const classes = (scores: number[]) => scores.map((score) => rng.chance(1 / (1 + Math.exp(-score))));
  const many = Array.from({ length: 400_000 }, () => 1 / (1 + Math.exp(-2 * rng.normal())));
  const mean = (of: (p: number) => number) => many.reduce((sum, p) => sum + of(p), 0) / many.length;
  const accurate = coverage(
    mean((p) => Math.max(p, 1 - p)),
    1000,
    () => {
      const scores = logOdds();
      return accuracy(scores, classes(scores));
    },
  );
  expect(accurate).toBeGreaterThanOrEqual(0.92);
  const calibrated = coverage(
    mean((p) => p * (1 - p)),
    500,
    (seed) => {
      const scores = logOdds();
      return brier(scores, classes(scores), { seed, resamples: 400 });
    },
  );
  expect(calibrated).toBeGreaterThanOrEqual(0.92);
});

it.each([
  [30, 0.2, 0.1],
  [200, 0.1, 0.05],
  [200, 0.02, 0.01],
])('paired difference of shares: %i examples, of which only a has %f and only b %f', (n, onlyA, onlyB) => {
  const small: boolean[] = [];
  const draw = () => {
    const uniform = rng.uniform();
    if (uniform < onlyA) return [1, 0] as const;
    return uniform < onlyA + onlyB ? ([0, 1] as const) : ([1, 1] as const);
  };
  const share = coverage(onlyA - onlyB, 1000, () => {
    const pairs = Array.from({ length: n }, draw);
    const swap = pairs.map(([a, b]) => (rng.chance(0.5) ? [a, b] : [b, a]) as [number, number]);
    const column = (of: readonly (readonly [number, number])[], k: 0 | 1) => Float64Array.from(of, (pair) => pair[k]);
    small.push((shareDifference(column(swap, 0), column(swap, 1)).pValue as number) < 0.05);
    return shareDifference(column(pairs, 0), column(pairs, 1)).estimate;
  });
  expect(share).toBeGreaterThanOrEqual(0.93);
  // McNemar's p-value where the two are equally good.
  expect(small.filter(Boolean).length / 1000).toBeLessThan(0.075);
});

it.each([
  [300, 1],
  [1000, 1],
  [300, 2],
  [1000, 2],
])('RMS calibration error: %i examples, log-odds %f times what they should be', (n, stretch) => {
  const sample = (size: number) => {
    const right = Array.from({ length: size }, () => 1.5 * rng.normal());
    const positives = right.map((score) => rng.chance(1 / (1 + Math.exp(-score))));
    return { scores: right.map((score) => stretch * score), positives };
  };
  const large = rmsCalibrationError([sample(2_000_000)], { resamples: 1 });
  const truth = stretch === 1 ? 0 : isDefined(large) ? large.value : Number.NaN;
  const share = coverage(truth, 400, (seed) => rmsCalibrationError([sample(n)], { seed, resamples: 400 }));
  expect(share).toBeGreaterThanOrEqual(0.9);
});
