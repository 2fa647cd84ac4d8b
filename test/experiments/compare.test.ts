import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../src/core/estimates.ts';
import { type ComparedRun, type ComparedTechnique, compareRuns } from '../../src/experiments/compare.ts';
import { auroc, aurocDifference } from '../../src/stats/auroc.ts';
import { plantedTechniques, reportFixture } from '../reports/fixture.ts';

const runOf = (options: Parameters<typeof reportFixture>[0] = {}): ComparedRun =>
  reportFixture({ positives: 200, ...options });
const one = runOf({ seeds: [0] });
const techniques = plantedTechniques
  .filter(({ id }) => id !== 'trusted-probe')
  .map((technique) => (technique.id === 'evidence-probe' ? { ...technique, separation: 0.2 } : technique));
const worse = runOf({ seeds: [0], techniques });

/** Scores of the real and fake positives in the order of the examples, and their outcomes. */
function column({ scores, examples }: ComparedRun, technique: string, split: string) {
  const judged = examples.filter((example) => example.split === split && example.category !== 'all-negative');
  const byId = new Map(
    scores.filter((row) => row.technique === technique && row.split === split).map((r) => [r.exampleId, r.score]),
  );
  return {
    scores: judged.map(({ exampleId }) => byId.get(exampleId) as number),
    real: judged.map(({ groundTruth }) => groundTruth),
  };
}

const find = (compared: readonly ComparedTechnique[], name: string, split = 'validation') =>
  compared.find(({ left, split: own }) => left === name && own === split) as ComparedTechnique;

describe('compareRuns', () => {
  it('gives the paired difference right minus left on the same examples, by DeLong for one seed', () => {
    const { compared } = compareRuns(one, worse);
    const [a, b] = [one, worse].map((run) => column(run, 'evidence-probe', 'validation')) as [
      ReturnType<typeof column>,
      ReturnType<typeof column>,
    ];
    const found = find(compared, 'evidence-probe');
    expect(found.leftAuroc).toEqual(auroc(a.scores, a.real));
    expect(found.rightAuroc).toEqual(auroc(b.scores, b.real));
    expect(found.difference).toEqual(aurocDifference(b.scores, a.scores, a.real).estimate);
    expect((found.difference as DefinedEstimate).upper).toBeLessThan(0);
    expect(found.adjustedPValue as number).toBeGreaterThan(found.pValue as number);
    expect(find(compared, 'evidence-finetuning').difference).toMatchObject({ value: 0, lower: 0, upper: 0 });
    expect(new Set(compared.map(({ split }) => split))).toEqual(new Set(['validation', 'validation-held-out']));
  });

  it('pools seeds that both have', () => {
    const { compared } = compareRuns(runOf({ seeds: [0, 1, 2] }), runOf({ seeds: [1, 2, 3], techniques }));
    const found = find(compared, 'evidence-probe');
    expect(found.seeds).toEqual([1, 2]);
    expect(found.difference).toMatchObject({ method: 'bootstrap-seeds-examples', n: 400 });
  });

  it('lists techniques that only one has, and the keys that differ', () => {
    const changed = { ...worse, record: { ...worse.record, config: { ...worse.record.config, limit: 7, more: 1 } } };
    const { onlyLeft, onlyRight, differingKeys } = compareRuns(one, changed);
    expect([onlyLeft, onlyRight]).toEqual([['trusted-probe'], []]);
    expect(differingKeys).toContainEqual({ path: 'limit', left: 200, right: 7 });
    expect(differingKeys).toContainEqual({ path: 'more', right: 1 });
    expect(differingKeys.some(({ path }) => path === 'preset')).toBe(false);
  });

  it('compares different techniques, across runs and within one, and one split alone', () => {
    const pairs = [['evidence-probe', 'evidence-finetuning']] as const;
    const { compared } = compareRuns(one, one, { techniques: pairs, split: 'validation' });
    expect(compared).toHaveLength(1);
    const [a, b] = ['evidence-probe', 'evidence-finetuning'].map((name) => column(one, name, 'validation')) as [
      ReturnType<typeof column>,
      ReturnType<typeof column>,
    ];
    expect(compared[0]?.difference).toEqual(aurocDifference(b.scores, a.scores, a.real).estimate);
  });

  it('leaves out examples whose text differs, and says so when nothing is left', () => {
    const half = one.examples.map((example, i) => (i % 2 === 0 ? { ...example, text: 'another' } : example));
    const found = find(compareRuns(one, { ...one, examples: half }).compared, 'evidence-probe');
    expect((found.difference as DefinedEstimate).n).toBeLessThan(200);
    const none = one.examples.map((example) => ({ ...example, text: 'another' }));
    expect(() => compareRuns(one, { ...one, examples: none })).toThrow(/to have judged the same examples.*--technique/);
    expect(() => compareRuns(one, worse, { split: 'nowhere' })).toThrow(/no split of the same name/);
  });
});
