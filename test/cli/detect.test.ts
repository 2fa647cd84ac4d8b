import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/core/csv-line.ts';
import type { DetectionRecord } from '../../src/core/detection.ts';
import { isDefined } from '../../src/core/estimates.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';
import { backups, writeRows } from './own-data-world.ts';
import { type CliResult, runCli } from './run-cli.ts';

const fromFile = ['--folds', '2', '--quiet'];

/** One clear message, no stack, and what it says. */
function expectFault({ code, stderr, stdout }: CliResult, wanted: string, exit = 2): void {
  expect(stderr.replace(/\s+/g, ' ')).toContain(wanted);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(exit);
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\r\n');
}

describe('touchstone detect', () => {
  it(
    'flags, keeps the detector, asks a person, and learns from the answers',
    () =>
      inTemporaryDirectory(async (directory) => {
        const cwd = directory;
        const rows = backups();
        await writeRows(directory, 'runs.jsonl', rows);
        const first = await runCli(['detect', 'runs.jsonl', ...fromFile, '--save', 'kept', '--audit-budget', '20'], {
          cwd,
        });
        expect(first.stderr).toBe('');
        expect(first.stdout).toContain('of 55 untrusted positives are flagged');
        const out = join(directory, 'touchstone-out', 'runs');
        const names = ['detection.html', 'detection.json', 'detections.csv', 'detections.parquet', 'review.csv'];
        expect((await readdir(out)).sort()).toEqual(names);
        const record = JSON.parse(await readFile(join(out, 'detection.json'), 'utf8')) as DetectionRecord;
        const auroc = record.judged?.[0]?.estimate;
        expect(auroc !== undefined && isDefined(auroc) && auroc.value).toBeGreaterThan(0.9);
        const table = await linesOf(join(out, 'detections.csv'));
        expect(table).toHaveLength(rows.length + 1);
        expect(table[0]).toMatch(/^id,category,score,p_value,rank,flagged/);
        // A spreadsheet would run this id as a formula.
        expect(table.filter((line) => line.startsWith("'=cmd()"))).toHaveLength(1);

        const scored = await runCli(['detect', 'runs.jsonl', '--with', 'kept', '--out', 'new', '--quiet'], { cwd });
        expect(scored.stdout).toContain('of 55 untrusted positives are flagged');
        expect(scored.stdout).toContain('trusted positives of');
        expect(await readdir(join(directory, 'new'))).toEqual(['detections.csv']);
        expect(await linesOf(join(directory, 'new', 'detections.csv'))).toHaveLength(rows.length + 1);

        const review = join(out, 'review.csv');
        const truth = new Map(rows.map(({ id, ground_truth }) => [csvLine([id]).trim(), ground_truth]));
        const [head, ...picked] = await linesOf(review);
        const answered = picked.map((line) => {
          const [id = '', , ...rest] = line.split(',');
          return [id, truth.get(id) ? 'yes' : 'no', ...rest].join(',');
        });
        await writeFile(review, `${[head, ...answered].join('\r\n')}\r\n`);
        const after = await runCli(['detect', 'runs.jsonl', '--answers', review, '--json', '--quiet'], { cwd });
        const { answered: count, precision } = (JSON.parse(after.stdout) as { review: Record<string, unknown> }).review;
        expect(count).toBe(20);
        expect(precision).toMatchObject({ level: 0.95 });
        expect(await readFile(join(out, 'detection.html'), 'utf8')).toContain('20 answers of 20');
        const again = await runCli(['detect', 'runs.jsonl', '--audit-budget', '5', '--quiet'], { cwd });
        expectFault(again, 'hold no answers before another review is written there, got 20');
      }),
    180_000,
  );

  it(
    'says what is wrong with files, flags and configs',
    () =>
      inTemporaryDirectory(async (directory) => {
        const run = (...args: string[]) => runCli(['detect', ...args, '--quiet'], { cwd: directory });
        await writeRows(directory, 'runs.jsonl', backups());
        await writeRows(directory, 'empty.jsonl', []);
        await writeRows(directory, 'odd.jsonl', [{ prompt: 'x', ok: true }]);
        const untrusted = backups().map((row) => ({ ...row, trusted: false }));
        await writeRows(directory, 'untrusted.jsonl', untrusted);
        await writeFile(
          join(directory, 'typo.yaml'),
          'data: runs.jsonl\ncolumns: { text: text, mesurements: x }\nalarn: 1\n',
        );
        await writeFile(
          join(directory, 'column.yaml'),
          'data: runs.jsonl\ncolumns: { text: log, measurements: measurements }\n',
        );
        expectFault(await run('nowhere.csv'), 'Nothing of that path is there');
        expectFault(await run('empty.jsonl'), 'got none');
        expectFault(await run('odd.jsonl'), 'got prompt, ok. Run "touchstone init odd.jsonl"');
        expectFault(await run('untrusted.jsonl'), 'at least 2 trusted examples');
        expectFault(await run('typo.yaml'), 'alarn');
        expectFault(await run('column.yaml'), 'to have "log"');
        expectFault(await run('runs.jsonl', '--techniques', 'evidence-prob'), 'Did you mean "evidence-probe"?');
        expectFault(await run('runs.jsonl', '--with', 'nowhere'), 'to be the directory of a detector');
        expectFault(await run('runs.jsonl', '--answers', 'nowhere.csv'), 'to be a directory with a detection');
      }),
    120_000,
  );

  it.each([
    [['--alarm', '0'], 'between 0 and 1'],
    [['--alarm', '2'], 'between 0 and 1'],
    [['--with', 'a', '--folds', '2'], 'cannot be used with'],
    [['--answers', 'a', '--with', 'b'], 'cannot be used with'],
  ])('refuses %j', async (flags, wanted) => {
    expectFault(await runCli(['detect', 'runs.jsonl', ...flags]), wanted);
  });

  it('says where it cannot write', () =>
    inTemporaryDirectory(async (directory) => {
      await writeRows(directory, 'runs.jsonl', backups());
      const inFile = await runCli(['detect', 'runs.jsonl', '--out', 'runs.jsonl/out'], { cwd: directory });
      expectFault(inFile, 'Expected runs.jsonl/out to be writable', 1);
    }));

  it('stops at Ctrl-C and leaves nothing half written', () =>
    inTemporaryDirectory(async (directory) => {
      await writeRows(directory, 'runs.jsonl', backups());
      const interruptAt = '… scoring';
      const stopped = await runCli(['detect', 'runs.jsonl', '--out', 'out'], { cwd: directory, interruptAt });
      expect(stopped.stderr).toContain('Stopped. Nothing half done was written.');
      expect(stopped.code).toBe(1);
      expect(await readdir(join(directory, 'out'))).toEqual([]);
    }));
});
