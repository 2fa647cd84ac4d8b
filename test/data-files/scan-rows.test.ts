import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ScannedRow, scanRows } from '../../src/data-files/scan-rows.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();

async function scan(name: string): Promise<ScannedRow[]> {
  const all: ScannedRow[] = [];
  for await (const row of scanRows(join(files.directory, name))) all.push(row);
  return all;
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(files.directory, name), content);
  return name;
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('a row that cannot be read costs that row', () => {
  it('in JSON Lines', async () => {
    const good = '{"a":1}\n';
    const content = bytes(good, '{"a":\n', '\n', [0x7b, 0xff, 0xfe, 0x7d, 10], '{"a":"\0"}\r\n', good);
    const rows = await scan(write('a.jsonl', content));
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 4, 5, 6]);
    expect(rows[1]).toMatchObject({ file: 'a.jsonl', fault: expect.stringContaining('JSON'), raw: '{"a":' });
    expect(rows[2]).toMatchObject({ fault: 'invalid UTF-8' });
    expect(rows[3]).toMatchObject({ fault: 'a NUL byte' });
    expect(rows[4]).toMatchObject({ cells: { a: 1 } });
  });

  it('in CSV, with what its cells are and where it begins', async () => {
    const content = 'a,b\r\n1,2\r\n1,2,3\r\n"x\r\ny","say ""hi"""\r\n"x"y,2\r\n\r\n5" pipe,6';
    expect(await scan(write('a.csv', content))).toMatchObject([
      { line: 2, cells: { a: '1', b: '2' } },
      { line: 3, fault: '3 cells for 2 columns', raw: '1,2,3\r' },
      { line: 4, cells: { a: 'x\r\ny', b: 'say "hi"' } },
      { line: 6, fault: 'text after a closing quote' },
      { line: 8, cells: { a: '5" pipe', b: '6' } },
    ]);
  });

  it('though it opens a quote that never closes: no row after it is lost', async () => {
    const after = Array.from({ length: 500 }, (_, i) => `${i},fine\n`).join('');
    const rows = await scan(write('a.csv', `a,b\n1,2\n3,"open\n${after}`));
    expect(rows).toHaveLength(502);
    expect(rows[1]).toEqual({ file: 'a.csv', line: 3, fault: 'a quote that does not close', raw: '3,"open' });
    expect(rows.slice(2).map((row) => 'cells' in row && row.cells)).toEqual(
      Array.from({ length: 500 }, (_, i) => ({ a: `${i}`, b: 'fine' })),
    );
  });

  it('though a later quote seems to close it', async () => {
    const rows = await scan(write('a.csv', 'a,b\n1,"open\n2,"fine"\n3,fine\n'));
    expect(rows).toMatchObject([
      { line: 2, fault: expect.stringContaining('quote') },
      { cells: { b: 'fine' } },
      { line: 4 },
    ]);
  });

  it('and keeps 2,000 characters of it', async () => {
    const [row] = await scan(write('a.jsonl', `{"a": ${'x'.repeat(100_000)}\n`));
    expect(row).toMatchObject({ raw: `{"a": ${'x'.repeat(1994)}` });
  });
});

describe('files', () => {
  it.each([
    ['empty.csv', '', 0],
    ['empty.jsonl', '', 0],
    ['empty.json', ' \n', 0],
    ['header.csv', 'a,b\n', 0],
    ['bom.jsonl', '\ufeff{"a":1}\n', 1],
    ['list.json', '[]', 0],
  ])('%s has as many rows as it has', async (name, content, count) => {
    expect(await scan(write(name, content))).toHaveLength(count);
  });

  it.each([
    ['wide.jsonl', Buffer.from('\ufeff{"a":1}\n', 'utf16le'), /UTF-8, got "UTF-16"/],
    ['wide.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), /UTF-8, got "UTF-16"/],
    ['twice.csv', 'a,a\n1,2\n', /two columns of the name "a"/],
    ['columns.csv', `${'x,'.repeat(1_000_000)}y\n1,2\n`, /1000001 columns, more than 10000/],
    ['mac.csv', 'a,b\r1,2\r3,4\r', /lines that end in CR alone/],
    ['open.csv', 'a,"b\n1,2\n', /the header: a quote that does not close/],
    ['torn.json', '[{"a":1},{"a"', /readable as JSON/],
    ['no.jsonl.gz', 'not packed', /readable as text/],
    ['bad.json', bytes('[{"a":"', [0xff], '"}]'), /readable as JSON/],
  ])('%s is refused in a sentence', async (name, content, message) => {
    await expect(scan(write(name, content))).rejects.toThrow(message);
  });

  it('that name two columns __proto__ or constructor keep them as cells', async () => {
    const [row] = await scan(write('a.csv', '__proto__,constructor\nx,y\n'));
    expect(Object.entries((row as { cells: object }).cells)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['semicolons', 'id;"text, in full";ok\r\n1;"a; b, c";1\r\n', '\r\n'],
    ['what Excel declares', 'sep=;\r\nid;"text, in full";ok\r\n1;"a; b, c";1\r\n', ''],
    ['tabs', 'id\t"text, in full"\tok\n1\ta; b, c\t1\n', ''],
  ])('of CSV that has %s for commas are read as such', async (_, content, end) => {
    const [row, ...rest] = await scan(write('a.csv', content + end));
    expect(row).toMatchObject({ cells: { id: '1', 'text, in full': 'a; b, c', ok: '1' } });
    expect(rest).toEqual([]);
  });

  it('of JSON may hold the numbers that only Python writes, beside long strings', async () => {
    const text = `${'ab\\n\\"'.repeat(3e5)} NaN`;
    const row = `{"text":"${text}","a":NaN,"b":[-Infinity,Infinity,1]}`;
    const wanted = { text: JSON.parse(`"${text}"`) as string, a: null, b: [null, null, 1] };
    expect(await scan(write('a.json', `[${row},\n${row}]`))).toMatchObject([{ cells: wanted }, { cells: wanted }]);
    expect(await scan(write('a.jsonl', row))).toMatchObject([{ cells: wanted }]);
  });

  it('of a million keys, or nested without end, cost a row', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, i) => `"${i}":1`).join();
    const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    const rows = await scan(write('a.jsonl', `{${keys}}\n${deep}\n{"a":NaN,"b":"NaN"}\n`));
    expect(rows).toMatchObject([
      { fault: '1000000 keys, more than 10000' },
      { fault: 'nested more than 100 deep' },
      { cells: { a: null, b: 'NaN' } },
    ]);
  });
});
