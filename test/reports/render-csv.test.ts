import { expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import type { Result } from '../../src/core/records.ts';
import { renderCsv } from '../../src/reports/render-csv.ts';
import { reportFixture } from './fixture.ts';

const { record } = reportFixture({ seeds: [0] });

function parse(csv: string): string[][] {
  const rows = csv.split('\r\n').slice(0, -1);
  return rows.map((row) =>
    Array.from(row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
      quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'),
    ),
  );
}

it('holds every result at full precision', () => {
  const [head, ...rows] = parse(renderCsv(record)) as [string[], ...string[][]];
  expect(rows).toHaveLength(record.results.length);
  const [valueAt, techniqueAt] = [head.indexOf('value'), head.indexOf('technique')];
  record.results.forEach(({ technique, estimate }, i) => {
    expect(rows[i]?.[techniqueAt]).toBe(technique);
    expect(rows[i]?.[valueAt]).toBe(isDefined(estimate) ? String(estimate.value) : '');
    expect(rows[i]).toHaveLength(head.length);
  });
});

it('neutralises what a spreadsheet would run, and leaves negative numbers alone', () => {
  const base = record.results.find(({ metric }) => metric === 'difference-to-baseline') as Result;
  const estimate = { value: -0.1, lower: -0.2, upper: -0.05, level: 0.95, n: 9, method: 'delong' };
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=cmd|"/c calc"!A1,x']) {
    const [, row] = parse(renderCsv({ ...record, results: [{ ...base, technique: evil, estimate }] }));
    expect(row?.[2]).toBe(`'${evil}`);
    expect(row?.slice(8, 11)).toEqual(['-0.1', '-0.2', '-0.05']);
  }
});

it('gives the reason of an undefined estimate a column of its own', () => {
  const base = record.results[0] as Result;
  const csv = renderCsv({ ...record, results: [{ ...base, estimate: { undefined: 'one class, "real"' } }] });
  const [head, row] = parse(csv) as [string[], string[]];
  expect(row[head.indexOf('undefined')]).toBe('one class, "real"');
  expect(row[head.indexOf('value')]).toBe('');
});
