import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scanRows } from '../../src/data-files/scan-rows.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();
const mebibyte = 2 ** 20;

/** Rows of a file, and by how many MiB the process grew while they were read. */
async function scanMeasured(name: string) {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, 2);
  const rows: object[] = [];
  let count = 0;
  try {
    for await (const row of scanRows(join(files.directory, name))) {
      if (rows.length < 10) rows.push(row);
      if (++count % 1000 === 0) sample();
    }
  } finally {
    clearInterval(timer);
  }
  return { rows, grown: (peak - before) / mebibyte };
}

/** A file that takes no room: so many zero bytes, with text before and after. */
function sparse(name: string, before: string, size: number, after: string): void {
  const file = openSync(join(files.directory, name), 'w');
  writeSync(file, before);
  ftruncateSync(file, size);
  writeSync(file, after, size);
  closeSync(file);
}

/** A file that unpacks to the same text again and again, which costs nothing to make. */
function packed(name: string, text: string, times: number, after: string): void {
  const part = gzipSync(text);
  writeFileSync(join(files.directory, name), Buffer.concat([...Array<Buffer>(times).fill(part), gzipSync(after)]));
}

describe('memory stays bounded, and the rows after it are read,', () => {
  it.each([
    ['long.jsonl', 2 ** 30, '{"a":1}\n{"a":"', '"}\n{"a":2}\n'],
    ['long.csv', 2 ** 27, 'a\n1\n', '\n2\n'],
  ])('with most of %s on one line of %i bytes', async (name, size, before, after) => {
    sparse(name, before, size, after);
    const { rows, grown } = await scanMeasured(name);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatchObject({ fault: expect.stringMatching(/^the line has \d{9,10} bytes, more than 16777216/) });
    expect(rows[2]).toHaveProperty('cells');
    expect(grown).toBeLessThan(200);
  });

  it('with 400 MB on one line, packed into less than one', async () => {
    packed('bomb.jsonl.gz', 'x'.repeat(4 * mebibyte), 100, '\n{"a":1}\n');
    const { rows, grown } = await scanMeasured('bomb.jsonl.gz');
    expect(rows).toMatchObject([{ fault: expect.stringContaining('more than') }, { cells: { a: 1 } }]);
    expect(grown).toBeLessThan(200);
  });

  it('with a quote that nothing closes in 30 MB', async () => {
    const line = `${'x'.repeat(98)},1\n`;
    writeFileSync(join(files.directory, 'open.csv'), `a,b\n"${line.repeat(300_000)}`);
    const { rows, grown } = await scanMeasured('open.csv');
    expect(rows[0]).toMatchObject({ line: 2, fault: 'a quote that does not close' });
    expect(rows[1]).toMatchObject({ line: 3, cells: { b: '1' } });
    expect(grown).toBeLessThan(200);
  });
});

it('an array too large to be held is refused, in a sentence that says what to do', async () => {
  packed('array.json.gz', `[${' '.repeat(4 * mebibyte)}`, 65, ']');
  await expect(scanMeasured('array.json.gz')).rejects.toThrow(
    /array of more than 268435456 bytes; write it as JSON Lines/,
  );
});
