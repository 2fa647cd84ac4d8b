import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/records.ts';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderCsv } from '../../src/reports/render-csv.ts';
import { renderHtml } from '../../src/reports/render-html.ts';
import { renderMarkdown } from '../../src/reports/render-markdown.ts';
import { renderTerminal } from '../../src/reports/render-terminal.ts';
import { plantedTechniques, reportFixture } from './fixture.ts';

const sizes = [2000, 8000, 32000];
const trainExamples = 'settings.diamond-vault.options.trainExamples';
const [first] = [reportFixture({ positives: 100 })];

/** A record in which techniques get better with the training size, and with more epochs. */
function sweptRecord(epochs: readonly number[] = []): RunRecord {
  const others = epochs.length === 0 ? [undefined] : epochs;
  const points = sizes.flatMap((size, i) =>
    others.map((epoch) => ({
      name: epoch === undefined ? `trainExamples=${size}` : `trainExamples=${size}, epochs=${epoch}`,
      values: { [trainExamples]: size, ...(epoch !== undefined && { 'training.epochs': epoch }) },
      factor: (i + 1) * (epoch ?? 1) * 0.3,
    })),
  );
  const parts = points.map(({ name, factor }) => {
    const techniques = plantedTechniques.map((one) => ({ ...one, separation: one.separation * factor }));
    const { results } = reportFixture({ positives: 100, techniques }).record;
    return results.map((result) => ({ ...result, point: name }));
  });
  return { ...first.record, points: points.map(({ name, values }) => ({ name, values })), results: parts.flat() };
}

const record = sweptRecord();
const view = buildViewModel({ record, scores: [], examples: [] });

describe('the view of a sweep', () => {
  it('has a table per key whose cells are the record’s estimates, and no groups', () => {
    expect(view.groups).toEqual([]);
    const [sweep] = view.sweeps;
    expect(sweep).toMatchObject({ setting: 'diamond-vault', split: 'validation', shownSeed: 'all', points: 3 });
    expect(sweep?.tables).toHaveLength(1);
    const [table] = sweep?.tables ?? [];
    expect(table).toMatchObject({ path: trainExamples, key: 'trainExamples', fixed: '', values: sizes });
    for (const { id, estimates } of table?.rows ?? []) {
      const of = (size: number) =>
        record.results.find(
          (result) =>
            result.technique === id &&
            result.point === `trainExamples=${size}` &&
            result.seed === 'all' &&
            result.split === 'validation' &&
            result.metric === 'real-vs-fake-auroc',
        )?.estimate;
      expect(estimates).toEqual(sizes.map(of));
    }
    expect(table?.rows.slice(-2).map(({ role }) => role)).toEqual(['ceiling', 'ceiling']);
    expect(table?.rows.find(({ isBaseline }) => isBaseline)?.id).toBe('untrusted-finetuning');
  });

  it('of two keys has each against its own values at every value of the other', () => {
    const [sweep] = buildViewModel({ record: sweptRecord([1, 3]), scores: [], examples: [] }).sweeps;
    expect(sweep?.tables.map(({ key, fixed, values }) => [key, fixed, values.length])).toEqual([
      ['trainExamples', 'epochs=1', 3],
      ['trainExamples', 'epochs=3', 3],
      ['epochs', 'trainExamples=2000', 2],
      ['epochs', 'trainExamples=8000', 2],
      ['epochs', 'trainExamples=32000', 2],
    ]);
  });
});

describe('a rendered sweep', () => {
  it.each([30, 60, 96, 140])('fits a terminal of %i columns', (width) => {
    const lines = renderTerminal(view, { width }).split('\n');
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
  });

  it('in a terminal has a row per technique and a column per point', () => {
    const text = renderTerminal(view, { width: 140 });
    expect(text).toMatch(/options\.trainExamples\ntechnique +2000 +8000 +32000\n/);
    expect(text).toMatch(/evidence-probe +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] +0\.\d{3} \[.*\] +0\.\d{3} \[.*\]\n/);
    expect(renderTerminal(view, { width: 80 })).toMatch(/evidence-probe +0\.\d{3} +0\.\d{3} +0\.\d{3}\n/);
    const two = buildViewModel({ record: sweptRecord([1, 3]), scores: [], examples: [] });
    expect(renderTerminal(two, { width: 140 })).toContain('3 further tables');
  });

  it('in HTML has a chart with a line and a band per technique beside the table', () => {
    const { document } = parseHTML(renderHtml(view));
    expect(document.querySelectorAll('#sweep figure svg').length).toBe(1);
    const svg = document.querySelector('#sweep figure svg');
    for (const { id } of plantedTechniques) expect(svg?.textContent).toContain(id);
    expect(svg?.querySelectorAll('g[aria-label=line] path').length).toBe(plantedTechniques.length);
    expect(svg?.querySelectorAll('g[aria-label=area] path').length).toBe(plantedTechniques.length);
    expect(document.querySelectorAll('#sweep tbody tr').length).toBe(plantedTechniques.length);
    expect(document.querySelector('nav')?.textContent).toContain('Sweep on diamond-vault');
  });

  it('draws values that are no numbers side by side', () => {
    const named = {
      ...record,
      points: record.points?.map((point, i) => ({ ...point, values: { form: ['a', 'b', 'c'][i] } })),
    };
    const page = renderHtml(buildViewModel({ record: named as RunRecord, scores: [], examples: [] }));
    expect(parseHTML(page).document.querySelector('#sweep svg')?.textContent).toMatch(/a.*b.*c/);
  });

  it('in Markdown and CSV names every point', () => {
    expect(renderMarkdown(view)).toContain(
      '| Technique | trainExamples 2000 | trainExamples 8000 | trainExamples 32000 |',
    );
    expect(renderCsv(record)).toContain(',trainExamples=8000\r\n');
  });
});
