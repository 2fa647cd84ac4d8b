import { readdir, readFile, writeFile } from 'node:fs/promises';
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

describe('a run killed 20 times in a row', () => {
  it('ends with the same record and scores, byte for byte apart from times', () =>
    inTemporaryDirectory(async (directory) => {
      const config = join(directory, 'tiny.json');
      await writeFile(config, JSON.stringify(tinyConfig));
      const start = Date.now();
      expect((await runCli(['run', config, '--out', 'whole', '--quiet'], { cwd: directory })).code).toBe(0);
      const whole = Date.now() - start;

      const rng = createRng(20, 'killed-runs');
      const outcomes: (number | null)[] = [];
      for (let attempt = 0; attempt < 20; attempt++) {
        // Early kills leave most to do, so that twenty of them are spread over the whole run.
        const killAfter = Math.round(rng.uniform() * whole * 0.4);
        outcomes.push(
          (await runCli(['run', config, '--out', 'killed', '--quiet'], { cwd: directory, killAfter })).code,
        );
      }
      expect(outcomes.filter((code) => code === null).length).toBeGreaterThan(10);
      expect((await runCli(['run', config, '--out', 'killed', '--quiet'], { cwd: directory })).code).toBe(0);

      const [expected, resumed] = [await onlyRun(join(directory, 'whole')), await onlyRun(join(directory, 'killed'))];
      const record = (run: string) => readFile(join(run, 'record.json'), 'utf8');
      expect(timeless(await record(resumed))).toBe(timeless(await record(expected)));
      expect(await readFile(join(resumed, 'scores.parquet'))).toEqual(await readFile(join(expected, 'scores.parquet')));
      expect(await readdir(join(directory, 'killed', 'store', 'unfinished'))).toEqual([]);
      expect((await readdir(resumed)).sort()).toEqual(['record.json', 'report.html', 'scores.parquet']);
    }));

  it('survives a kill at every twentieth of its length, each time from nothing', () =>
    inTemporaryDirectory(async (directory) => {
      const config = join(directory, 'tiny.json');
      await writeFile(config, JSON.stringify(tinyConfig));
      const start = Date.now();
      await runCli(['run', config, '--out', 'whole', '--quiet'], { cwd: directory });
      const whole = Date.now() - start;
      const expected = timeless(await readFile(join(await onlyRun(join(directory, 'whole')), 'record.json'), 'utf8'));
      for (let part = 1; part < 20; part += 3) {
        const out = `part-${part}`;
        await runCli(['run', config, '--out', out, '--quiet'], { cwd: directory, killAfter: (whole * part) / 20 });
        expect((await runCli(['run', config, '--out', out, '--quiet'], { cwd: directory })).code).toBe(0);
        const record = await readFile(join(await onlyRun(join(directory, out)), 'record.json'), 'utf8');
        expect(timeless(record)).toBe(expected);
      }
    }));
});
