import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import type { RunRecord } from '../../src/core/records.ts';
import { inTemporaryDirectory, tinyConfig } from '../experiments/tiny.ts';
import { runCli } from './run-cli.ts';

/** Everything of a record but when and how long; whether a step was kept is told by times too. */
function timeless(text: string): string {
  const { startedAt, seconds, steps, ...rest } = JSON.parse(text) as RunRecord;
  expect([startedAt, seconds].every((time) => time !== undefined)).toBe(true);
  return JSON.stringify({ ...rest, steps: steps.map(({ seconds: _seconds, reused: _reused, ...step }) => step) });
}

async function onlyRun(out: string): Promise<string> {
  const runs = (await readdir(out)).filter((name) => name !== 'store');
  expect(runs).toHaveLength(1);
  return join(out, runs[0] as string);
}

/** A whole run: its record without times, its scores, and how long it took. */
async function wholeRun(directory: string) {
  const config = join(directory, 'tiny.json');
  await writeFile(config, JSON.stringify(tinyConfig));
  const start = Date.now();
  expect((await runCli(['run', config, '--out', 'whole', '--quiet'], { cwd: directory })).code).toBe(0);
  return { config, milliseconds: Date.now() - start, ...(await outcomeOf(join(directory, 'whole'))) };
}

async function outcomeOf(out: string) {
  const run = await onlyRun(out);
  expect((await readdir(run)).sort()).toEqual(['record.json', 'report.html', 'scores.parquet']);
  const record = timeless(await readFile(join(run, 'record.json'), 'utf8'));
  return { record, scores: (await readFile(join(run, 'scores.parquet'))).toString('base64') };
}

describe('a run killed 20 times in a row', () => {
  it('ends with the same record and scores, byte for byte apart from times', () =>
    inTemporaryDirectory(async (directory) => {
      const { config, milliseconds, record, scores } = await wholeRun(directory);
      const rng = createRng(20, 'killed-runs');
      const args = ['run', config, '--out', 'killed', '--quiet'];
      let kills = 0;
      while (kills < 20) {
        const killAfter = Math.round(rng.uniform() * milliseconds);
        const { code } = await runCli(args, { cwd: directory, killAfter });
        if (code === null) kills += 1;
        else {
          // It got to the end before the kill: that is a resumed run to check, and the next starts from nothing.
          expect(await outcomeOf(join(directory, 'killed'))).toEqual({ record, scores });
          await rm(join(directory, 'killed'), { recursive: true });
        }
      }
      expect((await runCli(args, { cwd: directory })).code).toBe(0);
      expect(await outcomeOf(join(directory, 'killed'))).toEqual({ record, scores });
      expect(await readdir(join(directory, 'killed', 'store', 'unfinished'))).toEqual([]);
    }));

  it('survives a kill at every part of its length, each time from nothing', () =>
    inTemporaryDirectory(async (directory) => {
      const { config, milliseconds, record, scores } = await wholeRun(directory);
      for (let part = 1; part < 20; part += 3) {
        const args = ['run', config, '--out', `part-${part}`, '--quiet'];
        await runCli(args, { cwd: directory, killAfter: (milliseconds * part) / 20 });
        expect((await runCli(args, { cwd: directory })).code).toBe(0);
        expect(await outcomeOf(join(directory, `part-${part}`))).toEqual({ record, scores });
      }
    }));
});
