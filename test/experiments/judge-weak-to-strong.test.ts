import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/core/records.ts';
import { judgeGroundTruth, judgeWeakToStrong } from '../../src/experiments/judge-weak-to-strong.ts';
import type { WeakBench } from '../../src/experiments/weak-to-strong-parties.ts';
import { createResampleCache } from '../../src/stats/resample-cache.ts';
import { naiveAuroc } from '../stats/slow-second-implementations.ts';
import { type PlantedWorld, plantedWeakWorld } from './planted-weak-world.ts';

const place = { setting: 'planted', model: 'none', split: 'validation' };
const ends = { naive: 'naive-finetuning', ceiling: 'strong-ceiling' };
const few = { resamples: 200 };
const usual = { 'naive-finetuning': 1.4, better: 2, 'strong-ceiling': 3 };

function world(seed: number, more: Partial<PlantedWorld> = {}): WeakBench {
  return plantedWeakWorld({ seed, techniques: usual, ...more });
}

function judge(benches: readonly WeakBench[]): readonly Result[] {
  return judgeWeakToStrong(benches, place, ends, few);
}

function resultOf(results: readonly Result[], technique: string, metric: Result['metric'], seed: Result['seed'] = 0) {
  const found = results.filter((r) => r.technique === technique && r.metric === metric && r.seed === seed);
  expect(found).toHaveLength(1);
  return found[0] as Result;
}

function numberOf(...args: Parameters<typeof resultOf>): number {
  const { estimate } = resultOf(...args);
  if ('undefined' in estimate) throw new Error(estimate.undefined);
  return estimate.value;
}

function reasonOf(...args: Parameters<typeof resultOf>): string {
  const { estimate } = resultOf(...args);
  return 'undefined' in estimate ? estimate.undefined : `defined: ${estimate.value}`;
}

/** Metrics straight from their definitions. */
function slow({ truth, weakLabels, techniques }: WeakBench, technique: string) {
  const scores = [...(techniques.find((judged) => judged.technique === technique)?.scores ?? [])];
  const share = (of: (i: number) => boolean) => truth.filter((_, i) => of(i)).length / truth.length;
  return {
    auroc: naiveAuroc(scores, truth),
    accuracy: share((i) => (scores[i] as number) > 0 === truth[i]),
    agreement: share((i) => (scores[i] as number) > 0 === (weakLabels[i] as number) > 0.5),
    weakAuroc: naiveAuroc(weakLabels as number[], truth),
    weakAccuracy: share((i) => (weakLabels[i] as number) > 0.5 === truth[i]),
  };
}

describe('judgeWeakToStrong on one seed', () => {
  const bench = world(0);
  const results = judge([bench]);
  const [student, naive, ceiling] = ['better', 'naive-finetuning', 'strong-ceiling'].map((id) => slow(bench, id)) as [
    ReturnType<typeof slow>,
    ReturnType<typeof slow>,
    ReturnType<typeof slow>,
  ];

  it('measures every technique and the weak labels against ground truth, and against each other', () => {
    expect(numberOf(results, 'better', 'ground-truth-auroc')).toBeCloseTo(student.auroc, 12);
    expect(numberOf(results, 'better', 'ground-truth-accuracy')).toBeCloseTo(student.accuracy, 12);
    expect(numberOf(results, 'better', 'supervisor-agreement')).toBeCloseTo(student.agreement, 12);
    expect(numberOf(results, 'weak-supervisor', 'ground-truth-auroc')).toBeCloseTo(student.weakAuroc, 12);
    expect(numberOf(results, 'weak-supervisor', 'ground-truth-accuracy')).toBeCloseTo(student.weakAccuracy, 12);
    expect(results.filter(({ technique }) => technique === 'weak-supervisor')).toHaveLength(2);
  });

  it('recovers the gap from the weak labels to the ceiling, on both measures', () => {
    const share = (s: number, w: number, c: number) => (s - w) / (c - w);
    const { weakAuroc, weakAccuracy } = student;
    expect(numberOf(results, 'better', 'pgr-auroc')).toBeCloseTo(share(student.auroc, weakAuroc, ceiling.auroc), 12);
    expect(numberOf(results, 'better', 'pgr-accuracy')).toBeCloseTo(
      share(student.accuracy, weakAccuracy, ceiling.accuracy),
      12,
    );
    for (const metric of ['pgr-auroc', 'pgr-accuracy'] as const) {
      const gaps = results.filter((result) => result.metric === metric);
      expect(gaps.map(({ technique, floor, top }) => [technique, floor, top])).toEqual([
        ['naive-finetuning', 'weak-supervisor', 'strong-ceiling'],
        ['better', 'weak-supervisor', 'strong-ceiling'],
      ]);
    }
  });

  it('is 1 for a student that scores as the ceiling does', () => {
    const top = bench.techniques.find(({ technique }) => technique === 'strong-ceiling');
    const copy = { ...bench.techniques[1], scores: top?.scores } as WeakBench['techniques'][number];
    const same = judge([{ ...bench, techniques: [bench.techniques[0], copy, top] as WeakBench['techniques'] }]);
    for (const metric of ['pgr-auroc', 'pgr-accuracy'] as const) {
      expect(resultOf(same, 'better', metric).estimate).toMatchObject({ value: 1, lower: 1, upper: 1 });
    }
  });

  it('gives paired differences to the naive student and to the weak labels, corrected among those compared', () => {
    const cases = [
      ['difference-to-naive', student.auroc - naive.auroc, 'naive-finetuning', 2],
      ['accuracy-difference-to-naive', student.accuracy - naive.accuracy, 'naive-finetuning', 2],
      ['difference-to-weak', student.auroc - student.weakAuroc, 'weak-supervisor', 3],
      ['accuracy-difference-to-weak', student.accuracy - student.weakAccuracy, 'weak-supervisor', 3],
    ] as const;
    for (const [metric, value, floor, compared] of cases) {
      expect(numberOf(results, 'better', metric)).toBeCloseTo(value, 12);
      const family = results.filter((result) => result.metric === metric);
      expect(family).toHaveLength(compared);
      for (const { pValue, adjustedPValue, floor: name } of family) {
        expect(name).toBe(floor);
        expect(adjustedPValue as number).toBeGreaterThanOrEqual(pValue as number);
      }
    }
  });
});

describe('calls', () => {
  it('of a score that is no log-odds are as many as the weak labels of training say, whatever its scale', () => {
    const kinds = { better: { calibrated: false } };
    const far = (bench: WeakBench) => ({
      ...bench,
      baseRate: 0.25,
      techniques: bench.techniques.map((judged) =>
        judged.technique === 'better' ? { ...judged, scores: judged.scores.map((score) => 7 + 3 * score) } : judged,
      ),
    });
    const bench = far(world(0, { kinds }));
    const results = judge([bench]);
    const scores = bench.techniques[1]?.scores as Float64Array;
    const called = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 100);
    const right = bench.truth.filter((real, i) => real === called.includes(i)).length;
    expect(numberOf(results, 'better', 'ground-truth-accuracy')).toBeCloseTo(right / 400, 12);
    const { estimate } = resultOf(results, 'better', 'ground-truth-accuracy');
    expect(estimate).toMatchObject({ method: 'wilson, threshold at the weak base rate' });
    expect(resultOf(results, 'strong-ceiling', 'ground-truth-accuracy').estimate).toMatchObject({ method: 'wilson' });
    const none = judge([{ ...bench, baseRate: undefined }]);
    expect(reasonOf(none, 'better', 'ground-truth-accuracy')).toMatch(/no training example has a weak label/);
    expect(numberOf(none, 'strong-ceiling', 'ground-truth-accuracy')).toBeGreaterThan(0.8);
  });

  it('count one half where weak labels are ties', () => {
    const bench = { ...world(0), weakLabels: new Array<number>(400).fill(0.5) };
    const results = judge([bench]);
    for (const metric of ['ground-truth-auroc', 'ground-truth-accuracy'] as const) {
      expect(numberOf(results, 'weak-supervisor', metric)).toBe(0.5);
    }
    expect(numberOf(results, 'better', 'supervisor-agreement')).toBe(0.5);
  });

  it('may be hard weak labels', () => {
    const { weakLabels, ...bench } = world(0);
    const hard = weakLabels.map((label) => Number((label as number) > 0.5));
    const results = judge([{ ...bench, weakLabels: hard }]);
    expect(numberOf(results, 'weak-supervisor', 'ground-truth-auroc')).toBeCloseTo(
      naiveAuroc(hard, [...bench.truth]),
      12,
    );
    expect(numberOf(results, 'better', 'pgr-auroc')).toBeGreaterThan(0);
  });
});

describe('what cannot be told', () => {
  const both = ['pgr-auroc', 'pgr-accuracy'] as const;

  it.each([
    [
      'a chance-level supervisor',
      { weak: 0 },
      /^the weak supervisor is not above chance with confidence: AUROC 0\.\d{3} \[/,
    ],
    ['an inverted supervisor', { weak: -1.5 }, /^the weak supervisor is inverted: AUROC 0\.\d{3} \[/],
    [
      'a supervisor better than the ceiling',
      { weak: 4 },
      /^the weak supervisor is better than the ceiling: gap .* -0\./,
    ],
    [
      'a gap that may be none',
      { weak: 2, techniques: { ...usual, 'strong-ceiling': 2.05 } },
      /^gap \(ceiling − floor\) is not above zero with confidence/,
    ],
    ['no ceiling', { techniques: { 'naive-finetuning': 1, better: 2 } }, /^strong-ceiling was not run$/],
  ] as const)('%s', (_, more, reason) => {
    const results = judge([world(0, more), world(1, more)]);
    for (const metric of both) {
      for (const seed of [0, 1, 'all'] as const) expect(reasonOf(results, 'better', metric, seed)).toMatch(reason);
    }
  });

  it('no naive student', () => {
    const results = judge([world(0, { techniques: { better: 2, 'strong-ceiling': 3 } })]);
    expect(reasonOf(results, 'better', 'difference-to-naive')).toBe('naive-finetuning was not run');
    expect(reasonOf(results, 'better', 'accuracy-difference-to-naive')).toBe('naive-finetuning was not run');
    expect(numberOf(results, 'better', 'pgr-auroc')).toBeGreaterThan(0);
  });

  it('masked weak labels', () => {
    const { weakLabels, ...bench } = world(0);
    const results = judge([{ ...bench, weakLabels: weakLabels.map((label, i) => (i < 3 ? null : label)) }]);
    const masked = '3 of 400 examples have no weak label: all their measurements are masked';
    for (const metric of [...both, 'supervisor-agreement', 'difference-to-weak'] as const) {
      expect(reasonOf(results, 'better', metric)).toBe(masked);
    }
    expect(reasonOf(results, 'weak-supervisor', 'ground-truth-auroc')).toBe(masked);
    expect(numberOf(results, 'better', 'ground-truth-auroc')).toBeGreaterThan(0.8);
  });

  it('one class, and no examples', () => {
    const one = judge([{ ...world(0), truth: new Array<boolean>(400).fill(true) }]);
    for (const metric of [...both, 'ground-truth-auroc', 'difference-to-naive'] as const) {
      expect(reasonOf(one, 'better', metric)).toBe('there is no negative among 400 examples');
    }
    const none = judge([world(0, { n: 0, kinds: { better: { calibrated: false } } })]);
    for (const { estimate } of none) expect(estimate).toEqual({ undefined: 'there are no examples' });
  });
});

describe('over all seeds', () => {
  const benches = [world(0), world(1), world(2)];
  const shuffled = benches.map((bench, i) =>
    i === 1 ? { ...bench, techniques: bench.techniques.toReversed() } : bench,
  );
  const results = judge(shuffled);

  it.each([
    'ground-truth-auroc',
    'ground-truth-accuracy',
    'supervisor-agreement',
    'difference-to-naive',
    'accuracy-difference-to-weak',
  ] as const)('%s is the mean over seeds, whatever the order of the techniques', (metric) => {
    const each = [0, 1, 2].map((seed) => numberOf(results, 'better', metric, seed));
    expect(numberOf(results, 'better', metric, 'all')).toBeCloseTo(each.reduce((sum, x) => sum + x, 0) / 3, 12);
  });

  it('the recovered gap is that of the mean accuracies, as openai/weak-to-strong averages', () => {
    const of = (technique: string) => numberOf(results, technique, 'ground-truth-accuracy', 'all');
    const weak = of('weak-supervisor');
    const share = (of('better') - weak) / (of('strong-ceiling') - weak);
    expect(numberOf(results, 'better', 'pgr-accuracy', 'all')).toBeCloseTo(share, 12);
  });

  it('a cache changes nothing', () => {
    expect(judgeWeakToStrong(shuffled, place, ends, { ...few, cache: createResampleCache() })).toEqual(results);
  });

  it('without a supervisor, ground truth alone gives the same numbers', () => {
    const alone = judgeGroundTruth(shuffled, place, few);
    expect(alone).toHaveLength(2 * 3 * 4);
    expect(results).toEqual(expect.arrayContaining(alone));
  });
});

it('a control is measured, but neither compared nor asked for a gap', () => {
  const results = judge([world(0, { kinds: { better: { control: true } } })]);
  const metrics = results.filter(({ technique }) => technique === 'better').map(({ metric }) => metric);
  expect(metrics.sort()).toEqual(['ground-truth-accuracy', 'ground-truth-auroc', 'supervisor-agreement']);
});
