import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadOwnData } from '../../src/own-data/load-own-data.ts';
import { ownDataConfig } from '../../src/own-data/own-data-config.ts';
import { isRejected, readOwnRows } from '../../src/own-data/read-own-rows.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();

function config(columns: object = { id: 'id', text: 'text', measurements: 'graded' }) {
  const results = [{ format: 'junit', path: join(files.directory, 'reports/{id}.xml') }];
  return ownDataConfig.parse({ data: join(files.directory, 'a.csv'), columns, results, maxRejected: 0.5 });
}

function writeAll(): void {
  const failed = '<testcase name="edge"><failure/></testcase>';
  files.write('a.csv', 'id,text,graded\n1,some text,yes\n2,other text,no\n3,a third,\n');
  files.write('reports/1.xml', `<testsuite><testcase name="basic"/>${failed}</testsuite>`);
  files.write('reports/2.xml', '<testsuite><testcase name="basic"><skipped/></testcase></testsuite>');
}

it('measurements of rows are followed by those of test reports', async () => {
  writeAll();
  const { examples, measurementNames, notes } = await loadOwnData(config());
  expect(measurementNames).toEqual(['graded', 'basic', 'edge']);
  expect(examples.map(({ measurements }) => measurements)).toEqual([
    [true, true, false],
    [false, null, null],
    [null, null, null],
  ]);
  expect(notes?.join(' ')).toContain('1 example has no test report');
});

it('a report that cannot be read is a reject, and the data are read', async () => {
  writeAll();
  files.write('reports/3.xml', '<testsuite><');
  const { examples, rejected, rows } = await loadOwnData(config());
  expect(examples).toHaveLength(3);
  expect(rejected).toMatchObject([{ file: 'reports/3.xml' }]);
  expect(rows).toBe(4);
});

it('in the order of names that are known, or refused where one is not', async () => {
  writeAll();
  const read = async (measurementNames: string[]) => {
    const all: (readonly (boolean | null)[])[] = [];
    for await (const row of readOwnRows(config(), { measurementNames }))
      if (!isRejected(row)) all.push(row.measurements);
    return all;
  };
  expect((await read(['edge', 'graded', 'more', 'basic']))[0]).toEqual([false, true, null, true]);
  await expect(read(['graded', 'basic'])).rejects.toThrow(/to be "graded", "basic", got "edge"/);
});

it('names that rows and reports share are refused', async () => {
  writeAll();
  files.write('a.csv', 'id,text,basic\n1,some text,yes\n');
  const reading = loadOwnData(config({ id: 'id', text: 'text', measurements: ['basic'] }));
  await expect(reading).rejects.toMatchObject({ code: 'same-measurement' });
});
