import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InspectionRecord } from '../../src/core/inspection.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';
import { backups, writeRows } from './own-data-world.ts';
import { runCli } from './run-cli.ts';

describe('touchstone inspect', () => {
  it('says what it found in words, and writes page and record', () =>
    inTemporaryDirectory(async (directory) => {
      const { ground_truth: _, ...unreadable } = { ...backups()[0], text: 7 };
      await writeRows(directory, 'runs.jsonl', [...backups(), unreadable]);
      const { code, stdout, stderr } = await runCli(['inspect', 'runs.jsonl'], { cwd: directory });
      expect(stderr).toContain('✓ inspecting');
      expect(code).toBe(0);
      const out = join(directory, 'touchstone-out', 'runs');
      expect((await readdir(out)).sort()).toEqual(['inspection.html', 'inspection.json', 'rejected.jsonl']);
      const record = JSON.parse(await readFile(join(out, 'inspection.json'), 'utf8')) as InspectionRecord;
      expect(record.data).toMatchObject({ name: 'runs.jsonl', rows: 170, rejected: 1 });
      expect(record.data.counts).toMatchObject({ 'trusted-positive': 60, 'untrusted-positive': 55 });
      const flat = stdout.replace(/\s+/g, ' ');
      expect(flat).toContain(record.verdict.summary);
      for (const { question } of record.findings) expect(flat).toContain(question);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    }));

  it('finds the config beside the data, and prints one JSON document', () =>
    inTemporaryDirectory(async (directory) => {
      const rows = backups().map(({ measurements: [size, sum], text, trusted }) => {
        return { log: text, size, sum, by: trusted ? 'human' : 'agent' };
      });
      await writeRows(directory, 'runs.jsonl', rows);
      const columns = `columns: { text: log, measurements: [size, sum], trustedWhere: 'by == "human"' }`;
      await writeFile(join(directory, 'runs.touchstone.yaml'), `data: runs.jsonl\n${columns}\nseed: 4\n`);
      const args = ['--json', '--quiet', '--out', 'found'];
      const beside = await runCli(['inspect', 'runs.jsonl', ...args], { cwd: directory });
      expect(beside.stderr).toBe('');
      const record = JSON.parse(beside.stdout) as InspectionRecord;
      expect(record).toMatchObject({ kind: 'inspection', seed: 4, data: { measurementNames: ['size', 'sum'] } });
    }));
});
