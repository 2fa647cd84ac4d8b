import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanRows } from '../../src/data-files/scan-rows.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();

async function cellsOf(name: string, content: string): Promise<unknown[]> {
  const path = join(files.directory, name);
  writeFileSync(path, content);
  const all: unknown[] = [];
  for await (const row of scanRows(path)) all.push('cells' in row ? row.cells : row);
  return all;
}

const text = fc.string({
  unit: fc.constantFrom('a', 'é', '😀', '"', ',', '\n', '\r\n', ' ', '\t', "'", '0'),
  maxLength: 12,
});
const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const asNeeded = (cell: string) => (/[",\n\r]/.test(cell) ? quote(cell) : cell);

it('CSV comes back as it was written, quoted throughout or where it must be', async () => {
  const tables = fc.tuple(
    fc.array(fc.tuple(text, text, text), { maxLength: 8 }),
    fc.boolean(),
    fc.constantFrom('\n', '\r\n'),
  );
  await fc.assert(
    fc.asyncProperty(tables, async ([rows, all, end]) => {
      const write = all ? quote : asNeeded;
      const content = [['a', 'b', 'c'], ...rows].map((row) => row.map(write).join(',') + end).join('');
      const wanted = rows.map(([a, b, c]) =>
        Object.fromEntries(Object.entries({ a, b, c }).filter(([, cell]) => cell !== '')),
      );
      expect(await cellsOf('a.csv', content)).toEqual(wanted);
    }),
    { numRuns: 150, seed: 1 },
  );
});

it('CSV of any sort is read as a library reads it, where that can', async () => {
  const raw = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'b', '""', '\n"'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(raw, async (body) => {
      const content = `x,y\n${body}\n`;
      let library: unknown[];
      try {
        library = parse(content, { columns: true, skip_empty_lines: true });
      } catch {
        return;
      }
      const wanted = library.map((row) =>
        Object.fromEntries(Object.entries(row as object).filter(([, c]) => c !== '')),
      );
      expect(await cellsOf('a.csv', content)).toEqual(wanted);
    }),
    { numRuns: 600, seed: 2 },
  );
});

it('JSON Lines come back as they were written', async () => {
  const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 6 }), async (rows) => {
      const plain = rows.map((row) => JSON.parse(JSON.stringify(row)) as unknown);
      const content = plain.map((row) => `${JSON.stringify(row)}\n`).join('');
      expect(await cellsOf('a.jsonl', content)).toEqual(plain);
    }),
    { numRuns: 100, seed: 3 },
  );
});

it('whatever the bytes are, every line that is not empty is a row or a fault', async () => {
  const content = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => (byte % 7 === 0 ? 10 : byte)));
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const path = join(files.directory, 'a.jsonl');
      const lines = [...Buffer.from(bytes).toString('latin1').split('\n')];
      const isWide = /^(\xff\xfe|\xfe\xff)/.test(lines[0] ?? '');
      if (isWide || /^[\s\xef\xbb\xbf]*\[/.test(lines.join('\n'))) return;
      writeFileSync(path, bytes);
      let rows = 0;
      for await (const _ of scanRows(path)) rows++;
      const notEmpty = lines.filter((_, i) => {
        const text = Buffer.from(lines[i] as string, 'latin1').toString('utf8');
        return text.trim() !== '';
      });
      expect(rows).toBe(notEmpty.length);
    }),
    { numRuns: 150, seed: 4 },
  );
});
