import { describe, expect, it } from 'vitest';
import type { OwnExample } from '../../src/core/own-data.ts';
import { chooseTechniques } from '../../src/detection/detect/choose-techniques.ts';
import { detectionFolds } from '../../src/detection/detect/detection-folds.ts';
import { detectionView } from '../../src/detection/detect/detection-view.ts';
import { rankBySuspicion } from '../../src/detection/detect/rank-by-suspicion.ts';

function viewOf(positives: number, change: (example: OwnExample, i: number) => OwnExample = (example) => example) {
  const of = (count: number, trusted: boolean, measurements: boolean[]) =>
    Array.from({ length: count }, () => ({ trusted, measurements }));
  const kinds = [
    ...of(positives, true, [true, true]),
    ...of(60, true, [false, false]),
    ...of(300, false, [true, true]),
    ...of(90, false, [true, false]),
  ];
  const examples = kinds.map((kind, i) => change({ id: `${i}`, text: `text ${i}`, ...kind }, i));
  return detectionView({ measurementNames: ['a', 'b'], examples });
}

describe('the folds of a detection', () => {
  const auto = { folds: 'auto', seed: 0 } as const;

  it('are as many as leave each enough trusted positives for the alarm', () => {
    const counts = [500, 499, 300, 240, 100, 20].map(
      (positives) => detectionFolds(viewOf(positives), { ...auto, alarm: 0.01 }).folds,
    );
    expect(counts).toEqual([5, 4, 3, 2, 2, 2]);
    expect(detectionFolds(viewOf(100), { ...auto, alarm: 0.05 }).folds).toBe(5);
    expect(detectionFolds(viewOf(100), { ...auto, folds: 7, alarm: 0.01 }).folds).toBe(7);
  });

  it('have their share of every category', () => {
    const view = viewOf(101);
    const { fold, folds, calibration } = detectionFolds(view, { ...auto, alarm: 0.05 });
    for (const category of new Set(view.categories)) {
      const counts = Array.from({ length: folds }, (_, k) => {
        return view.categories.filter((other, i) => other === category && fold[i] === k).length;
      });
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      if (category === 'trusted-positive') expect(calibration).toEqual(counts);
    }
  });

  it('never split a group or a text', () => {
    const view = viewOf(120, (example, i) => ({ ...example, text: `text ${i % 540}`, group: `g${Math.floor(i / 3)}` }));
    const { fold, folds } = detectionFolds(view, { ...auto, folds: 3, alarm: 0.05 });
    expect(folds).toBe(3);
    expect(new Set(view.examples.map(({ text }) => text)).size).toBeLessThan(view.examples.length);
    for (const keyOf of [(i: number) => view.groups[i], (i: number) => view.examples[i]?.text]) {
      const seen = new Map<unknown, number>();
      for (const [i, k] of fold.entries()) {
        expect(seen.get(keyOf(i)) ?? k).toBe(k);
        seen.set(keyOf(i), k);
      }
    }
  });
});

describe('the folds of few groups', () => {
  const grouped = (groups: number) => viewOf(120, (example, i) => ({ ...example, group: `g${i % groups}` }));

  it('are as many as there are groups', () => {
    const { fold, folds, calibration } = detectionFolds(grouped(3), { folds: 5, alarm: 0.05, seed: 0 });
    expect(folds).toBe(3);
    expect(calibration).toHaveLength(3);
    expect(new Set(fold)).toEqual(new Set([0, 1, 2]));
  });

  it('cannot be one', () => {
    for (const folds of ['auto', 5] as const) {
      expect(() => detectionFolds(grouped(1), { folds, alarm: 0.05, seed: 0 })).toThrow(/at least 2 groups.*group/);
    }
  });

  it('keep the detector that can raise an alarm', () => {
    // The largest group, which is dealt first, has no trusted positive.
    const view = viewOf(60, (example, i) => ({ ...example, group: i < 60 ? 'trusted' : 'others' }));
    const { calibration, kept } = detectionFolds(view, { folds: 2, alarm: 0.05, seed: 0 });
    expect(calibration).toEqual([0, 60]);
    expect(kept).toBe(1);
    expect(detectionFolds(viewOf(100), { folds: 5, alarm: 0.05, seed: 0 }).kept).toBe(0);
  });
});

describe('the choice of a technique', () => {
  const { counts } = viewOf(100).summary;

  it('takes evidence of failed tampering where there is some', () => {
    const names = (choice: ReturnType<typeof chooseTechniques>) => choice.techniques.map(({ name }) => name);
    const structure = { measurements: 2, counts, words: false };
    expect(names(chooseTechniques('auto', structure))).toEqual(['evidence-probe', 'mahalanobis']);
    expect(chooseTechniques('auto', structure).contested).toBeUndefined();
    expect(names(chooseTechniques('auto', { ...structure, words: true }))).toEqual([
      'evidence-probe',
      'surface-baseline',
      'mahalanobis',
    ]);
    for (const few of [{ 'untrusted-inconsistent': 19 }, { 'trusted-positive': 9, 'trusted-negative': 10 }]) {
      const choice = chooseTechniques('auto', { ...structure, counts: { ...counts, ...few } });
      expect(names(choice)).toEqual(['mahalanobis']);
      expect(choice.reason).toContain('only 19');
      expect(choice.techniques[0]?.options).toMatchObject({ shrinkage: 'ledoit-wolf' });
    }
    expect(names(chooseTechniques('auto', { ...structure, measurements: 1 }))).toEqual(['mahalanobis']);
  });
});

it('suspicion is ranked by p-value, then by score, then by place', () => {
  const row = (pValue: number | null, score: number) => ({ pValue, score });
  expect(rankBySuspicion([row(0.2, 1), row(null, -9), row(0.1, 3), row(0.1, 2), row(0.1, 2)])).toEqual([
    4,
    null,
    3,
    1,
    2,
  ]);
  expect(rankBySuspicion([])).toEqual([]);
});
