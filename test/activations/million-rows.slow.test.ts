import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../bench/activations.ts');
const rows = 1_000_000;

describe('1,000,000 × 512 activations', async () => {
  const disk = await statfs(tmpdir());
  const free = disk.bavail * disk.bsize;

  // Two and a quarter gigabytes are written.
  it.skipIf(free < 4e9).each(['F32', 'F16'])('as %s are written and read back below 1 GB of memory', async (dtype) => {
    const { stdout } = await run(process.execPath, [script, String(rows), '512', dtype]);
    const report = JSON.parse(stdout) as { rowsRight: number; randomRowsWrong: number; peakMB: number };
    expect(report).toMatchObject({ rowsRight: rows, randomRowsWrong: 0 });
    expect(report.peakMB).toBeLessThan(1000);
  });
});
