import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import { isNamed, namedFile } from '../../../src/data-files/named-files.ts';
import { readRows } from '../../../src/data-files/read-rows.ts';
import { holdOut } from '../../../src/settings/data-files/hold-out.ts';
import { holdsSplit } from '../../../src/settings/data-files/split-files.ts';
import { ownFiles } from './files-of-ones-own.ts';

const files = ownFiles();
const rows = Array.from({ length: 30 }, (_, i) => ({ text: `Row ${i}, "quoted"\nin two lines`, label: `${i % 2}` }));

async function read(name: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of readRows(join(files.directory, name))) all.push(row);
  return all;
}

describe('readRows', () => {
  it.each(['rows.jsonl', 'rows.json', 'rows.csv', 'rows.parquet'])(
    'reads %s in order, with row numbers',
    async (name) => {
      files.write(name, rows);
      expect(await read(name)).toEqual(rows.map((cells, i) => ({ file: name, number: i + 1, cells })));
    },
  );

  it('reads gzipped lines, TSV with a byte order mark, empty cells as absent, and arrays under the name of lines', async () => {
    writeFileSync(join(files.directory, 'a.jsonl.gz'), gzipSync('{"a":1}\n\n{"a":2}\n'));
    files.write('b.tsv', '\ufeffa\tb\r\nx\t\r\n');
    files.write('c.jsonl', '\ufeff[{"a":1}]');
    expect(await read('a.jsonl.gz')).toMatchObject([{ cells: { a: 1 } }, { number: 2, cells: { a: 2 } }]);
    expect(await read('b.tsv')).toEqual([{ file: 'b.tsv', number: 1, cells: { a: 'x' } }]);
    expect(await read('c.jsonl')).toMatchObject([{ cells: { a: 1 } }]);
  });

  it('may be left before the end', async () => {
    files.write('rows.parquet', rows);
    for await (const { number } of readRows(join(files.directory, 'rows.parquet'))) if (number === 3) break;
    for (const name of ['rows.jsonl', 'rows.csv']) {
      files.write(name, rows);
      for await (const { number } of readRows(join(files.directory, name))) if (number === 3) break;
    }
  });

  it.each([
    ['bad.jsonl', '{"a":1}\n{"a":', /bad\.jsonl, line 2 to be readable as JSON/],
    ['bad.csv', 'a,b\n1,2,3\n', /bad\.csv to be readable as CSV, got: .*(line|record) 2|length/i],
    ['twice.csv', 'a,b,a\n1,2,3\n', /twice\.csv to be readable as CSV, got: two columns of the name "a"/],
    ['bad.parquet', 'PAR1', /bad\.parquet to be readable as Parquet/],
    ['bad.json.gz', 'not gzip', /bad\.json\.gz to be readable as text/],
  ])('names what is wrong with %s', async (name, content, message) => {
    files.write(name, content);
    await expect(read(name)).rejects.toThrow(message);
  });
});

describe('files by name', () => {
  it('hold a split', () => {
    const held = ['data/train-00000-of-00002-abc.parquet', 'train.csv', 'default/train/0000.parquet', 'train.jsonl.gz'];
    expect(held.every((path) => holdsSplit(path, 'train'))).toBe(true);
    expect(
      ['training.csv', 'train.md', 'train_for_val.csv', 'test.csv'].some((path) => holdsSplit(path, 'train')),
    ).toBe(false);
  });

  it('are meant with or without ending and folder, never by the end of a word', () => {
    expect(isNamed('datasets/cities.csv', 'cities')).toBe(true);
    expect(isNamed('datasets/cities.csv', 'datasets/cities.csv')).toBe(true);
    expect(isNamed('datasets/neg_cities.csv', 'cities')).toBe(false);
    files.write('a/one.csv', 'x\n1\n');
    files.write('b/one.csv', 'x\n1\n');
    expect(namedFile(files.directory, 'a/one')).toBe(join(files.directory, 'a', 'one.csv'));
    expect(() => namedFile(files.directory, 'one')).toThrow(/"one" to be one file of .*, got/);
    expect(() => namedFile(files.directory, 'two')).toThrow(/nothing of that name/);
  });
});

it('holdOut parts no group, and holds out about the share', () => {
  const items = Array.from({ length: 200 }, (_, i) => ({ i, group: `${i % 23}` }));
  const { kept, heldOut } = holdOut(items, 0.3, createRng(1, 'test'), ({ group }) => group);
  const groups = new Set(heldOut.map(({ group }) => group));
  expect(kept.some(({ group }) => groups.has(group))).toBe(false);
  expect(heldOut.length).toBeGreaterThan(50);
  expect(heldOut.length).toBeLessThan(70);
  expect([...kept, ...heldOut].map(({ i }) => i).sort((a, b) => a - b)).toEqual(items.map(({ i }) => i));
});
