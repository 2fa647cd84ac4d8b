import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExperiment } from '../../src/experiments/run.ts';
import { readRecord, readRunScores } from '../../src/experiments/run-directory.ts';
import { Store } from '../../src/experiments/store.ts';
import { inTemporaryDirectory, runOptions, tiny } from './tiny.ts';

describe('runExperiment', () => {
  it('runs every step, then none, and gives the same record', () =>
    inTemporaryDirectory(async (out) => {
      const first = await runExperiment(tiny(), runOptions(out));
      expect(first.record.steps.every(({ reused }) => !reused)).toBe(true);
      expect(await readRecord(first.directory)).toEqual(JSON.parse(JSON.stringify(first.record)));

      const second = await runExperiment(tiny(), runOptions(out));
      expect(second.record.steps.every(({ reused }) => reused)).toBe(true);
      const withoutReuse = (record: typeof first.record) => ({
        ...record,
        steps: record.steps.map((step) => ({ ...step, reused: null })),
      });
      expect(withoutReuse(second.record)).toEqual(withoutReuse(first.record));
    }));

  it('gives the same results from nothing, with the ground truth only in the judge', () =>
    inTemporaryDirectory(async (out) => {
      const [a, b] = [
        await runExperiment(tiny(), runOptions(join(out, 'a'))),
        await runExperiment(tiny(), runOptions(join(out, 'b'))),
      ];
      expect(b.record.results).toEqual(a.record.results);
      expect(b.scores).toEqual(a.scores);
      expect(b.record.runId).toBe(a.record.runId);
    }));

  it('shares steps between runs: another technique costs only itself', () =>
    inTemporaryDirectory(async (out) => {
      await runExperiment(tiny(), runOptions(out));
      const config = tiny();
      const gap = { id: 'measurement-gap' as const, options: {} };
      const { record } = await runExperiment({ ...config, techniques: [...config.techniques, gap] }, runOptions(out));
      const done = record.steps.filter(({ reused }) => !reused).map(({ kind, label }) => `${kind}: ${label}`);
      expect(done).toEqual(['technique: measurement-gap · seed 0', 'metrics: metrics']);
    }));

  it('trains on the same data to the same weights whatever the validation splits hold', () =>
    inTemporaryDirectory(async (out) => {
      const weights = async (validationExamples: number) => {
        const [setting] = tiny().settings;
        const options = { ...(setting?.options as object), validationExamples };
        const config = { ...tiny(), settings: [{ id: 'diamond-vault' as const, options }] };
        const { record } = await runExperiment(config, runOptions(join(out, String(validationExamples))));
        const { kind, key } = record.steps.find(
          (step) => step.kind === 'measurement-predictor',
        ) as (typeof record.steps)[number];
        const directory = new Store(join(out, String(validationExamples), 'store')).directory(kind, key);
        return readFile(join(directory, 'predictor', 'model.safetensors'));
      };
      expect((await weights(40)).equals(await weights(60))).toBe(true);
    }));

  it('writes one score per judged example, technique and split', () =>
    inTemporaryDirectory(async (out) => {
      const { directory, examples, record } = await runExperiment(tiny(), runOptions(out));
      const scores = await readRunScores(directory);
      expect(scores).toHaveLength(examples.length * record.techniques.length);
      expect(new Set(scores.map(({ split }) => split))).toEqual(new Set(examples.map(({ split }) => split)));
      expect(scores.every(({ score }) => Number.isFinite(score))).toBe(true);
      expect((await readdir(directory)).sort()).toEqual(['record.json', 'scores.parquet']);
    }));

  it('pools seeds under "all"', () =>
    inTemporaryDirectory(async (out) => {
      const { record } = await runExperiment({ ...tiny(), seeds: [0, 1] }, runOptions(out));
      const of = (seed: number | 'all') =>
        record.results.find(
          (r) =>
            r.seed === seed &&
            r.technique === 'evidence-probe' &&
            r.metric === 'real-vs-fake-auroc' &&
            r.split === 'validation',
        );
      const values = [of(0), of(1), of('all')].map((result) =>
        result && 'value' in result.estimate ? result.estimate.value : Number.NaN,
      );
      expect(values[2]).toBeCloseTo(((values[0] as number) + (values[1] as number)) / 2, 10);
      expect(record.dataFingerprint['diamond-vault/0']).not.toBe(record.dataFingerprint['diamond-vault/1']);
    }));

  it('stops when asked and goes on from there', () =>
    inTemporaryDirectory(async (out) => {
      const controller = new AbortController();
      const observer = {
        finished: (step: { kind: string }) => step.kind === 'measurement-predictor' && controller.abort(),
      };
      const stopped = runExperiment(tiny(), { ...runOptions(out), observer, signal: controller.signal });
      await expect(stopped).rejects.toThrow(/aborted/);
      const { record } = await runExperiment(tiny(), runOptions(out));
      expect(record.steps.filter(({ reused }) => reused).map(({ kind }) => kind)).toEqual([
        'dataset',
        'measurement-predictor',
      ]);
    }));

  it('refuses to touch the run of a newer version', () =>
    inTemporaryDirectory(async (out) => {
      const { directory } = await runExperiment(tiny(), runOptions(out));
      const path = join(directory, 'record.json');
      const newer = (await readFile(path, 'utf8')).replace('"schemaVersion": 3', '"schemaVersion": 99');
      await writeFile(path, newer);
      await expect(runExperiment(tiny(), runOptions(out))).rejects.toThrow(
        /schemaVersion 3 or lower, got 99.*Update touchstone/,
      );
      expect(await readFile(path, 'utf8')).toBe(newer);
    }));
});
