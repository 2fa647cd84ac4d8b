import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import { createRng } from '../../src/core/random.ts';
import type { Result } from '../../src/core/records.ts';
import { type Bench, controlBand, type Judged, judgeAllSeeds, judgeSeed } from '../../src/experiments/judge.ts';
import { judgePredictor } from '../../src/experiments/judge-predictor.ts';
import { untrustedPositives } from '../../src/experiments/steps/dataset.ts';
import { createResampleCache } from '../../src/stats/resample-cache.ts';

const place = { setting: 'planted', model: 'none', split: 'validation' };
const ends = { floor: 'floor', ceiling: 'top', surface: 'surface' };

/** Scores that tell real from fake with the given shift, in standard deviations. */
function judged(technique: string, real: readonly boolean[], shift: number, kind: Partial<Judged> = {}): Judged {
  const rng = createRng(0, technique, real.length, shift);
  const scores = Float64Array.from(real, (positive) => rng.normal() + (positive ? shift : 0));
  return { technique, ceiling: false, control: false, calibrated: true, scores, ...kind };
}

function planted(seed: number): Bench {
  const real = Array.from({ length: 400 }, (_, i) => (i + seed) % 2 === 0);
  return {
    seed,
    real,
    techniques: [
      judged('floor', real, 0.4),
      judged('good', real, 1.5),
      judged('bad', real, -1, { calibrated: false }),
      judged('random', real, 0, { control: true, calibrated: false }),
      judged('top', real, 2.5, { ceiling: true }),
    ],
  };
}

function numberOf(results: readonly Result[], technique: string, metric: Result['metric']): number | string {
  const found = results.filter((result) => result.technique === technique && result.metric === metric);
  expect(found).toHaveLength(1);
  const { estimate } = found[0] as Result;
  return 'undefined' in estimate ? estimate.undefined : estimate.value;
}

describe('judgeSeed', () => {
  const results = judgeSeed(planted(0), place, ends);

  it('puts a score that is higher on real positives above one half, and its opposite below', () => {
    expect(numberOf(results, 'good', 'real-vs-fake-auroc')).toBeGreaterThan(0.8);
    expect(numberOf(results, 'bad', 'real-vs-fake-auroc')).toBeLessThan(0.3);
  });

  it('compares with the floor, technique minus floor, corrected over the techniques compared', () => {
    const auroc = (id: string) => numberOf(results, id, 'real-vs-fake-auroc') as number;
    expect(numberOf(results, 'good', 'difference-to-baseline')).toBeCloseTo(auroc('good') - auroc('floor'), 12);
    const compared = results.filter(({ metric }) => metric === 'difference-to-baseline');
    expect(compared.map(({ technique }) => technique)).toEqual(['good', 'bad', 'top']);
    for (const { pValue, adjustedPValue, floor } of compared) {
      expect(floor).toBe('floor');
      expect(adjustedPValue as number).toBeGreaterThanOrEqual(pValue as number);
    }
  });

  it('compares all but controls with the surface, where that was run, and corrects among these', () => {
    expect(results.filter(({ metric }) => metric === 'difference-to-surface')).toEqual([]);
    const bench = planted(0);
    const surface = judged('surface', bench.real, 0.9, { control: true });
    const withSurface = judgeSeed({ ...bench, techniques: [...bench.techniques, surface] }, place, ends);
    const auroc = (id: string) => numberOf(withSurface, id, 'real-vs-fake-auroc') as number;
    expect(numberOf(withSurface, 'good', 'difference-to-surface')).toBeCloseTo(auroc('good') - auroc('surface'), 12);
    const compared = withSurface.filter(({ metric }) => metric === 'difference-to-surface');
    expect(compared.map(({ technique }) => technique)).toEqual(['floor', 'good', 'bad', 'top']);
    for (const { pValue, adjustedPValue, floor } of compared) {
      expect(floor).toBe('surface');
      expect(adjustedPValue as number).toBeGreaterThanOrEqual(pValue as number);
    }
    const pooled = judgeAllSeeds(
      [0, 1].map((seed) => ({ ...bench, seed, techniques: [...bench.techniques, surface] })),
      place,
      ends,
    );
    expect(numberOf(pooled, 'good', 'difference-to-surface')).toBeCloseTo(auroc('good') - auroc('surface'), 12);
  });

  it('gives the share of the gap to techniques alone, naming both ends', () => {
    const auroc = (id: string) => numberOf(results, id, 'real-vs-fake-auroc') as number;
    const share = (auroc('good') - auroc('floor')) / (auroc('top') - auroc('floor'));
    expect(numberOf(results, 'good', 'pgr')).toBeCloseTo(share, 12);
    const gaps = results.filter(({ metric }) => metric === 'pgr');
    expect(gaps.map(({ technique, floor, top }) => [technique, floor, top])).toEqual([
      ['good', 'floor', 'top'],
      ['bad', 'floor', 'top'],
    ]);
  });

  it('gives accuracy and Brier score only where the score is a log-odds', () => {
    expect(numberOf(results, 'good', 'accuracy')).toBeGreaterThan(0.5);
    expect(numberOf(results, 'bad', 'accuracy')).toContain('no log-odds');
    expect(numberOf(results, 'bad', 'brier')).toContain('no log-odds');
  });

  it('says what was not run instead of comparing with nothing', () => {
    const bench = planted(0);
    const without = (id: string) => ({ ...bench, techniques: bench.techniques.filter((t) => t.technique !== id) });
    expect(numberOf(judgeSeed(without('floor'), place, ends), 'good', 'difference-to-baseline')).toBe(
      'floor was not run',
    );
    expect(numberOf(judgeSeed(without('top'), place, ends), 'good', 'pgr')).toBe('top was not run');
  });
});

describe('a cache', () => {
  it('changes no result', () => {
    const benches = [planted(0), planted(1)];
    const options = { cache: createResampleCache() };
    const all = (shared: object) => [
      ...benches.flatMap((bench) => judgeSeed(bench, place, ends, shared)),
      ...judgeAllSeeds(benches, place, ends, shared),
    ];
    expect(all(options)).toEqual(all({}));
  });
});

describe('judgeAllSeeds', () => {
  it('averages over seeds, whatever the order of the techniques in each', () => {
    const [a, b] = [planted(0), planted(1)];
    const shuffled = { ...b, techniques: [...b.techniques].reverse() };
    const results = judgeAllSeeds([a, shuffled], place, ends);
    for (const technique of ['floor', 'good', 'top']) {
      for (const metric of ['real-vs-fake-auroc', 'average-precision', 'tpr-at-fpr-0.05', 'brier'] as const) {
        const single = [a, b].map((bench) => numberOf(judgeSeed(bench, place, ends), technique, metric) as number);
        expect(numberOf(results, technique, metric)).toBeCloseTo(
          ((single[0] as number) + (single[1] as number)) / 2,
          10,
        );
      }
    }
    expect(results.every(({ seed }) => seed === 'all')).toBe(true);
  });
});

describe('untrustedPositives', () => {
  it('keeps untrusted examples whose every present measurement is positive, real or fake', () => {
    const example = (trusted: boolean, measurements: (boolean | null)[], groundTruth: boolean): Example => ({
      id: '',
      text: '',
      trusted,
      measurements,
      groundTruth,
    });
    const examples = [
      example(false, [true, true], true),
      example(true, [true, true], true),
      example(false, [true, false], true),
      example(false, [true, true], false),
      example(false, [null, true], false),
      example(false, [null, null], true),
    ];
    expect(untrustedPositives(examples)).toEqual([0, 3, 4]);
  });
});

describe('judgePredictor', () => {
  it('judges each head on the examples whose measurement is present, and means over the measurements', () => {
    const example = (measurements: (boolean | null)[]): Example => ({
      id: '',
      text: '',
      trusted: true,
      measurements,
      groundTruth: true,
    });
    const examples = [
      [true, true],
      [false, true],
      [true, null],
      [false, false],
      [true, false],
      [false, null],
    ].map(example);
    // Columns: aggregate, ground truth, two measurements; the first measurement is told perfectly, the second inversely.
    const rows = [
      [1, 0, 1, -1],
      [-1, 0, -1, -1],
      [1, 0, 1, 9],
      [-1, 0, -1, 1],
      [-1, 0, 1, 1],
      [-1, 0, -1, -9],
    ];
    const logits = { rows: 6, columns: 4, data: Float32Array.from(rows.flat()) };
    const heads = ['aggregate', 'ground-truth', 'measurement-1', 'measurement-2'] as const;
    const results = judgePredictor([{ seed: 0, examples, logits, heads }], place);
    const of = (head?: string) => {
      const { estimate } = results.find((result) => result.head === head) as Result;
      return 'undefined' in estimate ? estimate.undefined : estimate.value;
    };
    expect([of('aggregate'), of('measurement-1'), of('measurement-2')]).toEqual([1, 1, 0]);
    expect(results.filter(({ head }) => head === 'ground-truth')).toEqual([]);
    expect(results).toHaveLength(4);
  });
});

describe('controlBand', () => {
  it('gives quantiles of the AUROC over the scorers', () => {
    const { real } = planted(0);
    const scorers = [-1, 0, 1].map((shift) => judged('scorer', real, shift).scores);
    const band = controlBand('random', { seed: 0, real }, place, scorers);
    expect(band).toMatchObject({ technique: 'random', seed: 0, split: 'validation', k: 3 });
    expect(band?.p05).toBeLessThan(0.35);
    expect(band?.median).toBeCloseTo(0.5, 1);
    expect(band?.p95).toBeGreaterThan(0.65);
  });
});
