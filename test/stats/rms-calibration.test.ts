import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { publishedRmsCalibrationError, rmsCalibrationError } from '../../src/stats/rms-calibration.ts';
import { defined, reasonOf } from './defined.ts';
import { readGolden } from './golden.ts';

interface CalibrationGolden {
  readonly cases: readonly {
    readonly name: string;
    readonly logOdds: number[];
    readonly positives: number[];
    readonly labels: number[];
    readonly published: number;
    readonly corrected: number;
  }[];
}

const golden = readGolden<CalibrationGolden>('stats-rms-calibration');
const few = { resamples: 50 };

describe.each(golden.cases)('GENIES: $name', ({ logOdds, positives, labels, published, corrected }) => {
  it('gives the published error on the labels that Python drew', () => {
    const { value } = defined(publishedRmsCalibrationError([{ scores: logOdds, positives, labels }], few));
    expect(value).toBeCloseTo(published, 12);
  });
  it('gives the error with the mean of each bin', () => {
    expect(defined(rmsCalibrationError([{ scores: logOdds, positives }], few)).value).toBeCloseTo(corrected, 12);
  });
});

describe('rmsCalibrationError', () => {
  const logit = (p: number) => Math.log(p / (1 - p));
  /** 20 examples said to have probability p, `real` of them positive. */
  const bin = (p: number, real: number) => ({
    scores: new Array<number>(20).fill(logit(p)),
    positives: Array.from({ length: 20 }, (_, i) => i < real),
  });
  const join = (...parts: ReturnType<typeof bin>[]) => ({
    scores: parts.flatMap(({ scores }) => scores),
    positives: parts.flatMap(({ positives }) => positives),
  });

  it('is 0 when every bin keeps its word, and by hand otherwise', () => {
    expect(defined(rmsCalibrationError([join(bin(0.1, 2), bin(0.9, 18))], few)).value).toBeCloseTo(0, 12);
    const off = join(bin(0.1, 8), bin(0.9, 18));
    expect(defined(rmsCalibrationError([off], few)).value).toBeCloseTo(Math.sqrt((0.3 ** 2 + 0) / 2), 12);
  });
  it('leaves out bins with fewer than 20 examples, and keeps probabilities of exactly 1', () => {
    const small = { scores: new Array<number>(19).fill(logit(0.5)), positives: new Array<boolean>(19).fill(true) };
    const sure = { scores: new Array<number>(40).fill(800), positives: new Array<boolean>(40).fill(true) };
    expect(defined(rmsCalibrationError([join(small, sure)], few)).value).toBe(0);
    expect(reasonOf(rmsCalibrationError([small]))).toMatch(/no bin of probability has 20 examples/);
    expect(reasonOf(publishedRmsCalibrationError([{ ...sure, labels: new Array(40).fill(1) }]))).toMatch(/no bin/);
  });
  it('averages over seeds, with an interval that reaches 0 for a calibrated score', () => {
    const rng = createRng(1, 'calibrated');
    const seeds = [0, 1].map(() => {
      const scores = Array.from({ length: 500 }, () => 2 * rng.normal());
      return { scores, positives: scores.map((score) => rng.chance(1 / (1 + Math.exp(-score)))) };
    });
    const each = seeds.map((seed) => defined(rmsCalibrationError([seed], few)).value);
    const pooled = defined(rmsCalibrationError(seeds));
    expect(pooled.value).toBeCloseTo(((each[0] as number) + (each[1] as number)) / 2, 12);
    expect(pooled).toMatchObject({ n: 1000, method: 'basic-bootstrap-seeds-examples' });
    expect(pooled.lower).toBeLessThan(0.02);
    expect(pooled.upper).toBeGreaterThanOrEqual(pooled.value);
  });
  it('draws the same labels for every technique when none are given', () => {
    const { scores, positives } = join(bin(0.3, 5), bin(0.7, 15), bin(0.9, 19));
    const once = publishedRmsCalibrationError([{ scores, positives }], few);
    expect(publishedRmsCalibrationError([{ scores: [...scores], positives }], few)).toEqual(once);
  });
});
