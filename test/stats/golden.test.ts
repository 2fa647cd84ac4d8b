import { describe, expect, it, test } from 'vitest';
import { accuracy } from '../../src/stats/accuracy.ts';
import { auroc, aurocDifference } from '../../src/stats/auroc.ts';
import { averagePrecision } from '../../src/stats/average-precision.ts';
import { brier } from '../../src/stats/brier.ts';
import { delongVariance, placementsOf } from '../../src/stats/delong.ts';
import { holm } from '../../src/stats/multiplicity.ts';
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { rocCurve } from '../../src/stats/roc-curve.ts';
import { checkScored } from '../../src/stats/scored-examples.ts';
import { tprAtFpr } from '../../src/stats/tpr-at-fpr.ts';
import { defined } from './defined.ts';
import { readGolden } from './golden.ts';

interface MetricsGolden {
  readonly metrics: readonly {
    readonly name: string;
    readonly scores: number[];
    readonly positives: number[];
    readonly expected: {
      readonly auroc: number;
      readonly averagePrecision: number;
      readonly brier: number;
      readonly accuracy: { readonly value: number; readonly lower: number; readonly upper: number };
      readonly tprAtFpr: Record<string, number>;
      readonly rocCurve: { readonly fpr: number[]; readonly tpr: number[] };
    };
  }[];
  readonly quantiles: { readonly values: number[]; readonly p: number[]; readonly expected: number[] };
  readonly normalCdf: { readonly z: number[]; readonly expected: number[] };
  readonly normalQuantile: { readonly p: number[]; readonly expected: number[] };
}

interface DelongGolden {
  readonly comparisons: readonly {
    readonly name: string;
    readonly positives: number[];
    readonly a: number[];
    readonly b: number[];
    readonly intervalA: [number, number, number];
    readonly varianceA: number;
    readonly logitIntervalA: [number, number];
    readonly difference: number;
    readonly differenceInterval: [number, number];
    readonly pValue: number;
  }[];
  readonly holm: { readonly p: number[]; readonly expected: number[] };
}

const metrics = readGolden<MetricsGolden>('stats-metrics');
const delong = readGolden<DelongGolden>('stats-delong');
const few = { resamples: 50 };

describe.each(metrics.metrics)('scikit-learn and scipy: $name', ({ scores, positives, expected }) => {
  it('gives the same AUROC', () => {
    expect(defined(auroc(scores, positives)).value).toBeCloseTo(expected.auroc, 12);
  });
  it('gives the same average precision', () => {
    expect(defined(averagePrecision(scores, positives, few)).value).toBeCloseTo(expected.averagePrecision, 12);
  });
  it('gives the same Brier score', () => {
    expect(defined(brier(scores, positives, few)).value).toBeCloseTo(expected.brier, 12);
  });
  it("gives the same accuracy with Wilson's interval", () => {
    const { value, lower, upper } = defined(accuracy(scores, positives));
    expect(value).toBeCloseTo(expected.accuracy.value, 12);
    expect(lower).toBeCloseTo(expected.accuracy.lower, 10);
    expect(upper).toBeCloseTo(expected.accuracy.upper, 10);
  });
  it.each(Object.entries(expected.tprAtFpr))('gives the same TPR at FPR %s', (target, value) => {
    expect(defined(tprAtFpr(scores, positives, Number(target), few)).value).toBeCloseTo(value, 12);
  });
  it('gives the same ROC curve', () => {
    const curve = rocCurve(scores, positives);
    expect(curve.length).toBe(expected.rocCurve.fpr.length);
    curve.forEach(({ fpr, tpr }, i) => {
      expect(fpr).toBeCloseTo(expected.rocCurve.fpr[i] as number, 12);
      expect(tpr).toBeCloseTo(expected.rocCurve.tpr[i] as number, 12);
    });
  });
});

describe.each(delong.comparisons)('pROC: $name', (golden) => {
  const { positives, a, b } = golden;
  it("gives DeLong's variance and the interval of pROC where it is wanted plain", () => {
    const sample = checkScored(a, positives);
    const variance = delongVariance(placementsOf(sample).values, sample) as number;
    expect(variance / golden.varianceA).toBeCloseTo(1, 10);
    const [lower, value, upper] = golden.intervalA;
    const half = normalQuantile(0.975) * Math.sqrt(variance);
    expect(Math.max(0, value - half)).toBeCloseTo(lower, 10);
    expect(Math.min(1, value + half)).toBeCloseTo(upper, 10);
  });
  it("gives the logit interval of pROC's variance", () => {
    const estimate = defined(auroc(a, positives));
    expect(estimate).toMatchObject({ method: 'delong-logit', level: 0.95, n: positives.length });
    expect(estimate.value).toBeCloseTo(golden.intervalA[1], 12);
    expect(estimate.lower).toBeCloseTo(golden.logitIntervalA[0], 10);
    expect(estimate.upper).toBeCloseTo(golden.logitIntervalA[1], 10);
  });
  it("gives DeLong's paired test", () => {
    const { estimate, pValue } = aurocDifference(a, b, positives);
    const { value, lower, upper } = defined(estimate);
    expect(value).toBeCloseTo(golden.difference, 12);
    expect(lower).toBeCloseTo(golden.differenceInterval[0], 10);
    expect(upper).toBeCloseTo(golden.differenceInterval[1], 10);
    expect((pValue as number) / golden.pValue).toBeCloseTo(1, 8);
  });
});

test('quantiles are those of numpy', () => {
  const { values, p, expected } = metrics.quantiles;
  p.forEach((share, i) => {
    expect(quantile(values, share)).toBeCloseTo(expected[i] as number, 12);
  });
});

test('the normal distribution is that of scipy, far into the tails', () => {
  const { normalCdf: cdf, normalQuantile: inverse } = metrics;
  cdf.z.forEach((z, i) => {
    expect(normalCdf(z) / (cdf.expected[i] as number)).toBeCloseTo(1, 11);
  });
  inverse.p.forEach((p, i) => {
    expect(normalQuantile(p)).toBeCloseTo(inverse.expected[i] as number, 10);
  });
});

test("Holm's adjusted p-values are those of R", () => {
  holm(delong.holm.p).forEach((adjusted, i) => {
    expect(adjusted).toBeCloseTo(delong.holm.expected[i] as number, 12);
  });
});

test('golden values name the versions that made them', () => {
  expect(metrics.madeWith['scikit-learn']).toMatch(/^\d+\.\d+/);
  expect(delong.madeWith.pROC).toMatch(/^\d+\.\d+/);
});
