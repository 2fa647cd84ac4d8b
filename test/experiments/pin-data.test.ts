import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isInconsistent } from '../../src/core/examples.ts';
import { resolveConfig } from '../../src/experiments/config.ts';
import { pinData, wantedData } from '../../src/experiments/pin-data.ts';
import { planRun } from '../../src/experiments/plan.ts';
import { runExperiment } from '../../src/experiments/run.ts';
import type { RunConfig } from '../../src/experiments/run-config.ts';
import { generatedStories } from '../../src/settings/generated-stories/generated-stories.ts';
import { inTemporaryDirectory, runOptions, tinyConfig } from './tiny.ts';

const fixture = fileURLToPath(new URL('../fixtures/published/stories', import.meta.url));

function configOf(source: string): RunConfig {
  const settings = [{ id: 'generated-stories', options: { source } }];
  return resolveConfig({ ...tinyConfig, settings, techniques: ['evidence-probe'] }, { threads: 1 });
}

const loading = { seed: 0, threads: 1, progress: () => {}, signal: new AbortController().signal };
const pathsOf = (source: string) => new Map([[source, source]]);

function datasetKey(config: RunConfig): string | undefined {
  return planRun(config, { versions: {} }).steps.find(({ kind }) => kind === 'dataset')?.key;
}

describe('data files of a run', () => {
  it('are named once, however many seeds read them', () => {
    const config = resolveConfig({ ...tinyConfig, settings: ['diamonds'], seeds: [0, 1, 8] }, { threads: 1 });
    expect(wantedData(config).map(({ name }) => name)).toEqual([
      'redwoodresearch/diamonds-seed0',
      'redwoodresearch/diamonds-seed1',
    ]);
    expect(wantedData(resolveConfig(tinyConfig, { threads: 1 }))).toEqual([]);
  });

  it('must be pinned before a run is planned', () => {
    expect(() => datasetKey(configOf(fixture))).toThrow(/to be pinned/);
  });

  it('make another dataset when one byte of them changes, and only then', () =>
    inTemporaryDirectory(async (directory) => {
      const copy = join(directory, 'stories');
      await cp(fixture, copy, { recursive: true });
      const config = configOf(copy);
      const first = await pinData(config, pathsOf(copy));
      expect(datasetKey(await pinData(config, pathsOf(copy)))).toBe(datasetKey(first));
      const file = join(copy, 'data', 'validation-00000-of-00001.parquet');
      await writeFile(file, Buffer.concat([await readFile(file), Buffer.from('x')]));
      expect(datasetKey(await pinData(config, pathsOf(copy)))).not.toBe(datasetKey(first));
      await expect(pinData(first, pathsOf(copy))).rejects.toThrow(/of digest/);
    }));

  it('are read by the run, with what a judge said of them as evidence', () =>
    inTemporaryDirectory(async (out) => {
      const dataPaths = pathsOf(fixture);
      const config = await pinData(configOf(fixture), dataPaths);
      const { record, examples } = await runExperiment(config, { ...runOptions(out), dataPaths });
      expect(record.datasets[0]?.setting).toBe('generated-stories');
      expect(record.config.data).toEqual(config.data);
      expect(examples.length).toBe(32);
      const { splits } = await generatedStories.load({}, { ...loading, directory: fixture });
      const asked = splits.train.filter(({ trusted, tamperEvidence }) => trusted || tamperEvidence?.overall);
      const inconsistent = splits.train.filter((example) => example.trusted || isInconsistent(example));
      expect(asked.length).not.toBe(inconsistent.length);
      expect(record.details['generated-stories/evidence-probe/0']?.examples).toBe(asked.length);
      expect(record.results.some(({ metric }) => metric === 'real-vs-fake-auroc')).toBe(true);
    }));
});
