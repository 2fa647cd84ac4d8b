import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderCsv } from '../../src/reports/render-csv.ts';
import { renderHtml } from '../../src/reports/render-html.ts';
import { renderMarkdown } from '../../src/reports/render-markdown.ts';
import { renderTerminal } from '../../src/reports/render-terminal.ts';
import type { MatrixTable, MatrixView } from '../../src/reports/report-view.ts';
import { reportFixture } from './fixture.ts';
import { matrixFixture, matrixTechniques, noGap, plantedSettings } from './matrix-fixture.ts';

const input = matrixFixture();
const view = buildViewModel(input);
const matrix = view.matrix as MatrixView;
const text = renderHtml(view);
const { document } = parseHTML(text);

function tableOf(metric: string, { tables }: MatrixView = matrix): MatrixTable {
  return tables.find((table) => table.metric === metric) as MatrixTable;
}

function rowsOf(table: MatrixTable, kind: string) {
  return table.parts.find((part) => part.kind === kind)?.rows ?? [];
}

describe('the matrix', () => {
  it('has a column for each setting that has the metric', () => {
    const names = (metric: string) => tableOf(metric).columns.map(({ name }) => name);
    expect(names('real-vs-fake-auroc')).toEqual(['diamond-vault', 'function-correctness', 'quirky-arithmetic']);
    const all = plantedSettings.map(({ setting }) => setting);
    for (const metric of ['ground-truth-auroc', 'pgr-auroc', 'ground-truth-accuracy'])
      expect(names(metric)).toEqual(all);
  });

  it('passes on the estimates of all seeds and ranks techniques within a setting', () => {
    const table = tableOf('ground-truth-auroc');
    const ranked = [...rowsOf(table, 'structural'), ...rowsOf(table, 'general')];
    table.columns.forEach(({ setting, ranked: count }, i) => {
      const cells = ranked.flatMap(({ id, cells: own }) => {
        const cell = own[i] ?? null;
        if (cell === null || 'missing' in cell || !isDefined(cell.estimate)) return [];
        const result = input.record.results.find(
          (one) => one.setting === setting && one.technique === id && one.metric === table.metric && one.seed === 'all',
        );
        expect(cell.estimate).toBe(result?.estimate);
        return [{ rank: cell.rank, value: cell.estimate.value }];
      });
      expect(cells).toHaveLength(count);
      const byValue = cells.toSorted((a, b) => b.value - a.value);
      expect(byValue.map(({ rank }) => rank)).toEqual(byValue.map((_, place) => place + 1));
    });
  });

  it('stands by mean rank over the settings that a technique ran on, families apart', () => {
    const table = tableOf('real-vs-fake-auroc');
    for (const kind of ['structural', 'general']) {
      const means = rowsOf(table, kind).map(({ meanRank }) => meanRank ?? Number.POSITIVE_INFINITY);
      expect(means).toEqual(means.toSorted((a, b) => a - b));
    }
    const evidence = rowsOf(table, 'structural').find(({ id }) => id === 'evidence-probe');
    const ranks = (evidence?.cells ?? []).flatMap((cell) =>
      cell !== null && 'rank' in cell ? [cell.rank as number] : [],
    );
    expect([evidence?.ranks, ranks.length]).toEqual([2, 2]);
    expect(evidence?.meanRank).toBeCloseTo(((ranks[0] as number) + (ranks[1] as number)) / 2, 12);
    expect(evidence?.cells[2]).toEqual({ missing: ['several-measurements'] });
    expect(rowsOf(table, 'general').map(({ id }) => id)).toContain('untrusted-finetuning');
  });

  it('ranks neither ceilings, controls nor the weak labels, and leaves them out where they have nothing', () => {
    const table = tableOf('ground-truth-auroc');
    for (const kind of ['supervisor', 'control', 'ceiling']) {
      const rows = rowsOf(table, kind);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(({ meanRank, ranks }) => meanRank === null && ranks === 0)).toBe(true);
    }
    expect(tableOf('pgr-auroc').parts.map(({ kind }) => kind)).toEqual(['structural', 'general']);
  });

  it('gives equal values equal ranks', () => {
    const results = input.record.results.map((result) =>
      result.metric === 'ground-truth-auroc' && isDefined(result.estimate)
        ? { ...result, estimate: { ...result.estimate, value: 0.7 } }
        : result,
    );
    const tied = buildViewModel({ ...input, record: { ...input.record, results } }).matrix as MatrixView;
    const means = rowsOf(tableOf('ground-truth-auroc', tied), 'general').map(({ meanRank }) => meanRank);
    expect(new Set(means)).toEqual(new Set([1]));
  });

  it('is not there for one setting', () => {
    expect(buildViewModel(reportFixture({ seeds: [0] })).matrix).toBeNull();
    expect(buildViewModel(matrixFixture(plantedSettings.slice(0, 1))).matrix).toBeNull();
  });
});

describe('structure against general techniques', () => {
  it('says where structure wins, loses and cannot be told apart, after the correction', () => {
    const { sentence } = matrix.families as NonNullable<MatrixView['families']>;
    expect(sentence).toBe(
      'Of 5 settings compared, exploiting structure wins in 2 (diamond-vault +0.090, function-correctness +0.070), ' +
        'loses in 1 (quirky-arithmetic −0.060), cannot be told from general techniques in 2 ' +
        '(arithmetic-reasoning 0.000, easy-to-hard +0.010); 95 % interval off 0, with Holm’s correction over the settings. ' +
        'It could not be compared in 1: truth-shift: no technique that exploits structure was run.',
    );
  });

  it('takes a win back that the correction does', () => {
    const results = input.record.results.map((result) =>
      result.metric === 'structure-advantage' ? { ...result, adjustedPValue: 0.06 } : result,
    );
    const { families } = buildViewModel({ ...input, record: { ...input.record, results } }).matrix as MatrixView;
    expect(families?.sentence).toContain('wins in none, loses in none, cannot be told from general techniques in 5');
  });

  it('is no technique of a setting', () => {
    expect(JSON.stringify(view.groups)).not.toContain('best-of-structure');
  });
});

describe('renderers', () => {
  it('put the matrix before the settings of the page, with the missing structure and the reason in the cell', () => {
    const section = document.querySelector('#matrix');
    expect(section.compareDocumentPosition(document.querySelector('.group')) & 4).toBe(4);
    expect(document.querySelector('nav a').getAttribute('href')).toBe('#matrix');
    expect(section.querySelectorAll('.matrix table')).toHaveLength(4);
    expect(section.textContent).toContain('needs several-measurements');
    expect(section.querySelector('td[title*="not above zero"]').textContent).toBe('undefined a');
    expect(section.querySelector('.notes').textContent).toBe(`a ${noGap}`);
    expect(text).not.toMatch(/NaN|Infinity|\[object|>undefined<|>null</);
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
  });

  it('keep the terminal’s width and end with the sentence', () => {
    for (const width of [40, 60, 80, 132]) {
      const lines = renderTerminal(view, { width }).split('\n');
      expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
    }
    const wide = renderTerminal(view, { width: 140 });
    expect(wide).toMatch(/ {2}evidence-probe +\d+\.\d +0\.\d{3} #\d+ +0\.\d{3} #\d+ +n\/a \(a\)\n/);
    expect(wide.trimEnd()).toMatch(/no technique that exploits structure was run\.$/);
  });

  it('write the same to Markdown', () => {
    const markdown = renderMarkdown(view);
    expect(markdown.indexOf('## Technique × setting')).toBeLessThan(markdown.indexOf('## diamond-vault'));
    expect(markdown).toMatch(
      /\| evidence-probe \| \d+\.\d over 2 \| 0\.\d{3} \\\[.*, no\. \d+ \| .* \| needs several-measurements \|/,
    );
  });

  it('rank in CSV what the matrix ranks, and list what could not run', () => {
    const lines = renderCsv(input.record).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + input.record.results.length + input.record.infeasible.length);
    const ranked = lines.filter((line) => /,ground-truth-auroc,.*,\d+,$/.test(line));
    expect(ranked).toHaveLength(tableOf('ground-truth-auroc').columns.reduce((sum, { ranked: own }) => sum + own, 0));
    expect(lines.at(-1)).toContain('infeasible: the setting does not offer several-measurements');
    expect(matrixTechniques).toHaveLength(40);
  });
});
