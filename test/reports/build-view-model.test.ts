import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/core/records.ts';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import type { ReportInput } from '../../src/reports/report-input.ts';
import type { GroupView, ReportView } from '../../src/reports/report-view.ts';
import { plantedTechniques, reportFixture } from './fixture.ts';

const input = reportFixture();
const view = buildViewModel(input);

function only({ groups }: ReportView): GroupView {
  expect(groups).toHaveLength(1);
  return groups[0] as GroupView;
}

function withResults(change: (result: Result) => Result | null): ReportInput {
  const results = input.record.results.flatMap((result) => change(result) ?? []);
  return { ...input, record: { ...input.record, results } };
}

describe('rows', () => {
  it('carry the estimates of all seeds unchanged', () => {
    const group = only(view);
    expect(group.shownSeed).toBe('all');
    for (const row of [...group.techniques, ...group.controls, ...group.ceilings]) {
      const of = (metric: string, seed: Result['seed'], split = 'validation') =>
        input.record.results.find(
          (r) => r.technique === row.id && r.metric === metric && r.seed === seed && r.split === split,
        )?.estimate ?? null;
      expect(row.shown.auroc).toBe(of('real-vs-fake-auroc', 'all'));
      expect(row.shown.difference).toBe(of('difference-to-baseline', 'all'));
      expect(row.shown.pgr).toBe(of('pgr', 'all'));
      expect(row.shown.otherSplits).toEqual([of('real-vs-fake-auroc', 'all', 'validation-held-out')]);
      expect(row.perSeed.map(({ auroc }) => auroc)).toEqual([of('real-vs-fake-auroc', 0), of('real-vs-fake-auroc', 1)]);
      expect(row.perSeed.map(({ tprAt1 }) => tprAt1)).toEqual([of('tpr-at-fpr-0.01', 0), of('tpr-at-fpr-0.01', 1)]);
    }
  });

  it('stand best first, with controls and ceilings apart', () => {
    const group = only(view);
    expect(group.techniques.map(({ id }) => id).slice(0, 2)).toEqual(['evidence-finetuning', 'evidence-probe']);
    expect(group.controls.map(({ id }) => id)).toEqual(['surface-baseline', 'random-probe']);
    expect(group.ceilings.map(({ id }) => id)).toEqual(['ground-truth-finetuning', 'ground-truth-probe']);
    expect(group.techniques.filter(({ isBaseline }) => isBaseline).map(({ id }) => id)).toEqual([
      'untrusted-finetuning',
    ]);
  });

  it('take the only seed where there is one', () => {
    const group = only(buildViewModel(reportFixture({ seeds: [3] })));
    expect(group.shownSeed).toBe(3);
    expect(group.techniques[0]?.perSeed).toEqual([]);
    expect(group.verdict.sentence).toMatch(/^With one seed \(3\), /);
  });

  it('are told apart by setting and model', () => {
    const other = reportFixture({ setting: 'other-world', model: 'wide', seeds: [0] });
    const both = {
      record: { ...input.record, results: [...input.record.results, ...other.record.results] },
      scores: [...input.scores, ...other.scores],
      examples: [...input.examples, ...other.examples],
    };
    const groups = buildViewModel(both).groups;
    expect(groups.map(({ setting, model }) => `${setting}/${model}`)).toEqual([
      'diamond-vault/small-transformer',
      'other-world/wide',
    ]);
    expect(groups[1]?.charts[0]?.reals).toBe(only(buildViewModel(other)).charts[0]?.reals);
    expect(groups[1]?.seeds).toEqual([0]);
  });
});

describe('verdict', () => {
  it('counts as beating the baseline only what the paired interval supports', () => {
    const { verdict } = only(view);
    expect(verdict.above).toEqual(['evidence-finetuning', 'evidence-probe', 'exclusion-finetuning']);
    expect(verdict.unclear).toEqual(['measurement-gap']);
    expect(verdict.below).toEqual(['trusted-probe']);
    expect(verdict.best).toBe('evidence-finetuning');
    expect(verdict.sentence).toMatch(
      /^Over 2 seeds \(0, 1\), 3 of 5 techniques beat the baseline untrusted-finetuning/,
    );
    expect(verdict.sentence).toContain('short of the ceiling ground-truth-finetuning');
  });

  it('does not count a difference that Holm’s correction takes back', () => {
    const taken = withResults((result) => ('adjustedPValue' in result ? { ...result, adjustedPValue: 0.2 } : result));
    const { verdict } = only(buildViewModel(taken));
    expect(verdict.above).toEqual([]);
    expect(verdict.sentence).toContain('no technique is shown to beat the baseline');
  });

  it('never claims a technique above chance whose interval reaches 0.5', () => {
    const techniques = plantedTechniques.filter(({ id }) => id === 'random-probe' || id === 'measurement-gap');
    const weak = reportFixture({ techniques: techniques.map((t) => ({ ...t, separation: 0.03 })), seeds: [0] });
    expect(only(buildViewModel(weak)).verdict.sentence).toContain('not shown to be above chance');
  });

  it('says that there is no baseline rather than taking another', () => {
    const techniques = plantedTechniques.filter(({ id }) => id === 'evidence-probe');
    const group = only(buildViewModel(reportFixture({ techniques })));
    expect(group.baseline).toBeNull();
    expect(group.verdict.sentence).toContain('there is no baseline to compare with');
    const missing = withResults(({ floor: _, ...result }) =>
      result.metric === 'difference-to-baseline' ? { ...result, estimate: { undefined: 'it was not run' } } : result,
    );
    expect(only(buildViewModel(missing)).baseline).toBeNull();
  });

  it('gives the reason when nothing could be judged', () => {
    const undefinedInput = withResults((result) => ({ ...result, estimate: { undefined: 'there are no examples' } }));
    const group = only(buildViewModel(undefinedInput));
    expect(group.verdict).toMatchObject({
      best: null,
      sentence: 'No technique could be judged: there are no examples.',
    });
    expect(group.mistakes).toBeNull();
  });

  it('does not call the best short of a ceiling that it exceeds', () => {
    const techniques = plantedTechniques.map((t) => (t.role === 'ceiling' ? { ...t, separation: 0.2 } : t));
    const { verdict } = only(buildViewModel(reportFixture({ techniques })));
    expect(verdict.sentence).toContain('no lower than the ceiling');
    expect(verdict.sentence).not.toContain('short of');
  });
});

describe('charts', () => {
  it('draw curves whose area is the AUROC', () => {
    const group = only(buildViewModel(reportFixture({ seeds: [0], positives: 2000 })));
    for (const { technique, roc } of group.charts) {
      const area = roc.slice(1).reduce((sum, to, i) => {
        const from = roc[i] as (typeof roc)[number];
        return sum + ((to.fpr - from.fpr) * (to.tpr + from.tpr)) / 2;
      }, 0);
      const row = [...group.techniques, ...group.controls, ...group.ceilings].find(({ id }) => id === technique);
      expect(row?.shown.auroc).toMatchObject({ value: expect.closeTo(area, 2) });
      expect(roc.at(-1)).toEqual({ fpr: 1, tpr: 1 });
    }
  });

  it('hold every real and every fake positive once, and none of the other examples', () => {
    for (const { histogram, reals, fakes } of only(view).charts) {
      expect([reals, fakes]).toEqual([600, 600]);
      expect(histogram.reduce((sum, { real }) => sum + real, 0)).toBeCloseTo(1, 10);
      expect(histogram.reduce((sum, { fake }) => sum + fake, 0)).toBeCloseTo(1, 10);
    }
  });

  it('survive constant scores and one class', () => {
    const constant = { ...input, scores: input.scores.map((row) => ({ ...row, score: 4 })) };
    expect(only(buildViewModel(constant)).charts[0]?.roc.at(-1)).toEqual({ fpr: 1, tpr: 1 });
    const reals = { ...input, examples: input.examples.filter(({ groundTruth }) => groundTruth) };
    const [chart] = only(buildViewModel(reals)).charts;
    expect(chart).toMatchObject({ roc: [], fakes: 0 });
  });

  it('are absent without scores', () => {
    expect(only(buildViewModel({ ...input, scores: [], examples: [] })).charts).toEqual([]);
  });
});

describe('mistakes', () => {
  it('are the fakes scored most real and the reals scored most fake of the best technique', () => {
    const { mistakes } = only(view);
    expect(mistakes?.technique).toBe('evidence-finetuning');
    for (const [list, category, sign] of [
      [mistakes?.believedFakes ?? [], 'fake-positive', 1],
      [mistakes?.doubtedReals ?? [], 'real-positive', -1],
    ] as const) {
      expect(list).toHaveLength(10);
      expect(new Set(list.map(({ example }) => example.category))).toEqual(new Set([category]));
      expect(new Set(list.map(({ example }) => example.split))).toEqual(new Set(['validation']));
      const percentiles = list.map(({ percentile }) => percentile * sign);
      expect(percentiles).toEqual([...percentiles].sort((a, b) => b - a));
    }
  });

  it('have the percentile within their own seed, ties counted one half', () => {
    const [worst] = only(view).mistakes?.believedFakes ?? [];
    const positives = new Set(
      input.examples
        .filter((e) => e.seed === worst?.example.seed && e.split === 'validation' && e.category !== 'all-negative')
        .map(({ exampleId }) => exampleId),
    );
    const scores = input.scores.filter(
      (row) =>
        row.technique === 'evidence-finetuning' && row.seed === worst?.example.seed && positives.has(row.exampleId),
    );
    const below = scores.filter(({ score }) => score < (worst?.score ?? 0)).length;
    expect(worst?.percentile).toBeCloseTo((below + 0.5) / scores.length, 12);
  });
});

it('counts data over seeds as a range, with what was dropped', () => {
  const { datasets } = only(view);
  expect(datasets?.splits).toEqual(['train', 'validation', 'validation-held-out']);
  const fakes = datasets?.counts.find(({ category }) => category === 'fake-positive');
  expect(fakes?.bySplit[0]).toEqual({ least: 1200, most: 1203 });
  // 1,200 and 1,203 in training, twice 240 in each of two seeds' validation splits, and 63 dropped.
  const share = 63 / (1200 + 1203 + 4 * 240 + 63);
  const category = 'fake-positive';
  expect(datasets?.dropped[1]).toEqual({
    reason: 'duplicate-of-train',
    category,
    count: { least: 31, most: 32 },
    share: expect.closeTo(share, 12),
  });
  expect(datasets?.dropped.map(({ reason, category }) => [reason, category])).toEqual([
    ['duplicate-of-train', 'real-positive'],
    ['duplicate-of-train', 'fake-positive'],
    ['timed-out', 'all-negative'],
  ]);
  expect(datasets?.relabelled).toMatchObject([{ reason: 'measured-negative', category: 'fake-negative' }]);
  expect(datasets?.heldOut).toEqual([{ split: 'validation-held-out', what: 'templates' }]);
});

it('makes a report of a record without results', () => {
  const empty = buildViewModel({ record: { ...input.record, results: [] }, scores: [], examples: [] });
  expect(empty.groups).toEqual([]);
  expect(empty.title).toBe('Real or fake?');
});
