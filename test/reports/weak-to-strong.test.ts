import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/core/records.ts';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderHtml } from '../../src/reports/render-html.ts';
import { renderMarkdown } from '../../src/reports/render-markdown.ts';
import { renderTerminal } from '../../src/reports/render-terminal.ts';
import type { ReportInput } from '../../src/reports/report-input.ts';
import type { GroupView } from '../../src/reports/report-view.ts';
import { matrixFixture, noGap, plantedSettings } from './matrix-fixture.ts';

function inputOf(
  setting: string,
  change: (results: readonly Result[]) => readonly Result[] = (own) => own,
): ReportInput {
  const input = matrixFixture(plantedSettings.filter((planted) => planted.setting === setting));
  return { ...input, record: { ...input.record, results: change(input.record.results) } };
}

function groupOf(input: ReportInput): GroupView {
  return buildViewModel(input).groups[0] as GroupView;
}

const pure = inputOf('arithmetic-reasoning');
const sections = (input: ReportInput) => {
  const { document } = parseHTML(renderHtml(buildViewModel(input)));
  return Array.from(document.querySelectorAll('main section'), ({ id }) => id);
};

describe('a setting without fake positives', () => {
  it('shows everybody against ground truth and no empty main table', () => {
    expect(sections(pure)).toEqual(['weak-to-strong', 'data', 'run']);
    const text = renderTerminal(buildViewModel(pure), { width: 120 });
    expect(text).not.toContain('Real-vs-fake');
    expect(renderMarkdown(buildViewModel(pure))).not.toContain('### Results');
  });

  it('does the same where real-vs-fake results are there but undefined', () => {
    const input = inputOf('arithmetic-reasoning', (results) => [
      ...results.filter(({ metric }) => metric === 'ground-truth-auroc').map(undefinedFakes),
      ...results,
    ]);
    expect(sections(input)).toEqual(['weak-to-strong', 'data', 'run']);
  });

  it('has the weak labels first, then the naive student, then the others by AUROC, ceilings apart', () => {
    const rows = groupOf(pure).weakToStrong?.splits[0]?.rows ?? [];
    expect(rows.slice(0, 2).map(({ id }) => id)).toEqual(['weak-supervisor', 'naive-finetuning']);
    expect(
      rows
        .filter(({ part }) => part === 'ceiling')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['ground-truth-finetuning', 'strong-ceiling']);
    for (const row of rows) {
      for (const [metric, { estimate, adjustedPValue }] of row.cells) {
        const result = pure.record.results.find(
          (one) => one.technique === row.id && one.metric === metric && one.seed === 'all',
        );
        expect([estimate, adjustedPValue]).toEqual([result?.estimate, result?.adjustedPValue ?? null]);
      }
    }
    expect(groupOf(pure).weakToStrong?.splits[0]?.perSeed).toHaveLength(3);
  });

  it('says the gap, who beats the naive student, and what is recovered', () => {
    const { verdict, weakToStrong } = groupOf(pure);
    expect(verdict.sentence).toBe(weakToStrong?.sentence);
    const rows = weakToStrong?.splits[0]?.rows ?? [];
    const above = rows.filter(({ part, isNaive, standing }) => part === 'student' && !isNaive && standing === 'above');
    expect(verdict.sentence).toMatch(/^Over 3 seeds \(0, 1, 2\), the weak labels reach a ground-truth AUROC of 0\.710/);
    expect(verdict.sentence).toMatch(/the ceiling strong-ceiling 0\.\d{3}, a gap of \+0\.\d{3} \[/);
    expect(verdict.sentence).toContain(`${above.length} of 24 techniques beat the naive student naive-finetuning`);
    expect(verdict.sentence).toMatch(/the naive student recovers a PGR of 0\.\d{3} \[/);
  });

  it('says why PGR is undefined', () => {
    const group = groupOf(inputOf('easy-to-hard'));
    expect(group.verdict.sentence).toContain(`PGR is undefined: ${noGap}`);
    expect(renderTerminal(buildViewModel(inputOf('easy-to-hard')), { width: 120 })).toMatch(/undef \(a\)/);
  });

  it('claims no win that the correction takes back, and no gap that reaches zero', () => {
    const doubtful = inputOf('arithmetic-reasoning', (results) =>
      results.map((result) => {
        if (result.metric === 'difference-to-naive') return { ...result, adjustedPValue: 0.2 };
        if (result.metric !== 'difference-to-weak' || 'undefined' in result.estimate) return result;
        return { ...result, estimate: { ...result.estimate, lower: -0.01 } };
      }),
    );
    const { sentence } = groupOf(doubtful).verdict;
    expect(sentence).toContain('no technique is shown to beat the naive student');
    expect(sentence).toContain('not shown to be above zero');
  });
});

describe('a setting with both', () => {
  it('shows both, what its labels are made for first', () => {
    const [first, second] = sections(inputOf('diamond-vault'));
    expect([first, second]).toEqual(['results', 'weak-to-strong']);
    expect(sections(inputOf('quirky-arithmetic')).slice(0, 2)).toEqual(['weak-to-strong', 'results']);
    const { verdict, weakToStrong } = groupOf(inputOf('diamond-vault'));
    expect(verdict.sentence).toContain('the baseline untrusted-finetuning');
    const text = renderTerminal(buildViewModel(inputOf('diamond-vault')), { width: 4000 });
    expect(text).toContain(verdict.sentence);
    expect(text).toContain(weakToStrong?.sentence);
  });

  it('makes no technique of the weak labels', () => {
    const { techniques, controls, ceilings } = groupOf(inputOf('diamond-vault'));
    expect([...techniques, ...controls, ...ceilings].map(({ id }) => id)).not.toContain('weak-supervisor');
  });
});

describe('a generalization analogy', () => {
  const analogy = inputOf('arithmetic-reasoning', (results) => {
    const source = results.filter(({ metric }) => metric.startsWith('ground-truth'));
    const target = source.map((result) => ({ ...result, split: 'target' }));
    const own = target.filter(({ metric, technique }) => metric === 'ground-truth-auroc' && technique === 'mass-mean');
    const elicited = own.map((result) => ({
      ...result,
      metric: 'differential-elicitation' as const,
      floor: 'zero-shot',
    }));
    const errors = own.map((result) => ({ ...result, metric: 'rms-calibration-error' as const }));
    return [...source, ...target, ...elicited, ...errors];
  });

  it('shows the target split with its columns', () => {
    const { document } = parseHTML(renderHtml(buildViewModel(analogy)));
    const heads = Array.from(document.querySelectorAll('#weak-to-strong thead'), ({ textContent }) => textContent);
    expect(heads[1]).toContain('Differential elicitation');
    expect(heads[1]).toContain('RMS calibration error');
    expect(groupOf(analogy).verdict.sentence).toMatch(/on target 1 of 1 techniques elicit more .* mass-mean, 0\.\d{3}/);
    expect(renderMarkdown(buildViewModel(analogy))).toContain('### Against ground truth on target');
  });
});

function undefinedFakes(result: Result): Result {
  return { ...result, metric: 'real-vs-fake-auroc', estimate: { undefined: 'there is no negative among 9 examples' } };
}
