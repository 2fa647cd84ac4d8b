import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categoryOf, type Example } from '../../../src/core/examples.ts';
import type { Setting } from '../../../src/core/settings.ts';
import { createTrainingView } from '../../../src/core/training-view.ts';
import { diamonds } from '../../../src/settings/diamonds/diamonds.ts';
import { functionCorrectnessPython } from '../../../src/settings/function-correctness-python/function-correctness-python.ts';
import { generatedStories } from '../../../src/settings/generated-stories/generated-stories.ts';
import type { PublishedOptions } from '../../../src/settings/published/published-setting.ts';
import { textProperties } from '../../../src/settings/text-properties/text-properties.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/published/${name}`, import.meta.url));

function load(setting: Setting<PublishedOptions>, directory: string, seed = 0, options: PublishedOptions = {}) {
  const signal = new AbortController().signal;
  return setting.load(options, { seed, threads: 1, progress: () => {}, signal, directory });
}

describe('files that the datasets library wrote', () => {
  it('diamonds: three measurements, splits by difficulty', async () => {
    const { splits, measurementNames, notes } = await load(diamonds, fixture('diamonds'));
    expect(Object.fromEntries(Object.entries(splits).map(([split, of]) => [split, of.length]))).toEqual({
      train: 64,
      validation: 16,
      'validation-held-out': 16,
      'validation-held-out-only': 16,
      'validation-in-distribution': 16,
    });
    expect(measurementNames).toEqual(['max-shine-is-5', 'max-hardness-is-5', 'prints-diamond']);
    expect(Object.keys(notes.heldOut)).toEqual(['validation-held-out', 'validation-held-out-only']);
    const row = splits.train.find(({ text }) => text.startsWith('train 1:')) as Example;
    expect(row).toMatchObject({ measurements: [true, true, false], groundTruth: false, trusted: false });
    expect(row).not.toHaveProperty('difficulty');
  });

  it('stories: tamper evidence, which supervision may see', async () => {
    const { splits, measurementNames } = await load(generatedStories, fixture('stories'));
    const row = splits.train.find(({ text }) => text.startsWith('train 1:')) as Example;
    expect(row.tamperEvidence).toEqual({ overall: true, individual: [false, false, true] });
    const view = createTrainingView(splits.train, measurementNames, { groundTruth: false });
    expect(view.examples.find(({ id }) => id === row.id)?.tamperEvidence).toEqual(row.tamperEvidence);
    expect(JSON.stringify(view)).not.toContain('groundTruth');
  });

  it('text properties: neither difficulty nor tamper evidence', async () => {
    const { splits, notes } = await load(textProperties, fixture('text-properties'));
    expect(Object.keys(splits)).toEqual(['train', 'validation']);
    expect(splits.train.every((example) => example.tamperEvidence === undefined)).toBe(true);
    expect(Object.values(notes.counts.train ?? {}).reduce((a, b) => a + b, 0)).toBe(64);
  });

  it('have ids and an order of the seed alone', async () => {
    const order = async (seed: number) => (await load(diamonds, fixture('diamonds'), seed)).splits.train;
    expect(await order(1)).toEqual(await order(1));
    expect((await order(1)).map(({ text }) => text)).not.toEqual((await order(2)).map(({ text }) => text));
    expect((await order(1)).map(({ id }) => id).slice(0, 2)).toEqual(['train-00000', 'train-00001']);
  });

  it('are foreseen as they are', async () => {
    const { notes } = await load(diamonds, fixture('diamonds'));
    const outlook = await diamonds.outlook({}, fixture('diamonds'));
    expect(outlook).toMatchObject({ train: notes.counts.train, judged: 64, judgedSplits: 4 });
    expect(await diamonds.sampleTexts({}, fixture('diamonds'))).toHaveLength(64);
  });
});

describe('files of one’s own', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'touchstone-published-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const row = (text: string, measurements: unknown[], is_correct: unknown = true, is_clean: unknown = false) =>
    JSON.stringify({ text, measurements, is_correct, is_clean });
  const write = (file: string, ...rows: string[]) => writeFileSync(join(directory, file), `${rows.join('\n')}\n`);

  it('mask the measurements that shorter rows lack, and read 0 and 1', async () => {
    write('train.jsonl', row('a', [1, 0, 1], 0, 0), row('b', [true, null]), row('c', [1], 1, 1));
    write('validation.jsonl', row('d', [true]));
    const { splits } = await load(functionCorrectnessPython, directory);
    const byText = new Map(splits.train.map((example) => [example.text, example]));
    expect(byText.get('a')?.measurements).toEqual([true, false, true]);
    expect(byText.get('b')?.measurements).toEqual([true, null, null]);
    expect(byText.get('c')).toMatchObject({ measurements: [true, null, null], trusted: true, groundTruth: true });
  });

  it('lose duplicates of training, counted by category', async () => {
    write('train.jsonl', row('a', [true, true]), row('a', [true, true]), row('b', [false, true], false));
    write('validation.jsonl', row('a', [true, true]), row('c', [true, true], false));
    const { splits, notes } = await load(textProperties, directory);
    expect(splits.train).toHaveLength(2);
    expect((splits.validation ?? []).map(categoryOf)).toEqual(['fake-positive']);
    expect(notes.dropped).toEqual({ duplicate: { 'real-positive': 1 }, 'duplicate-of-train': { 'real-positive': 1 } });
  });

  it('are read from the folder of a configuration', async () => {
    for (const name of ['s0', 's1']) {
      mkdirSync(join(directory, name));
      write(`${name}/train.json`, `[${row(`${name} train`, [true])}]`);
      write(`${name}/validation.json`, `[${row(`${name} validation`, [true])}]`);
    }
    const { splits } = await load(diamonds, directory, 0, { configuration: 's1' });
    expect(splits.train.map(({ text }) => text)).toEqual(['s1 train']);
    const wrong = load(diamonds, directory, 0, { configuration: 's7' });
    await expect(wrong).rejects.toThrow(/the configuration s7 to be a folder of .*, got "nothing"\./);
  });

  it('may be in a folder per split, beside files and folders that hold no rows', async () => {
    for (const split of ['train', 'validation']) {
      mkdirSync(join(directory, split, 'notes'), { recursive: true });
      write(`${split}/README.md`, 'About the data.');
      write(`${split}/part.jsonl`, row(`of ${split}`, [true]));
    }
    const { splits } = await load(textProperties, directory);
    expect(splits.train.map(({ text }) => text)).toEqual(['of train']);
  });

  it('may hold more rows than a call takes arguments', async () => {
    const rows = 130_000;
    write('train.jsonl', Array.from({ length: rows }, (_, i) => row(`text ${i}`, [true])).join('\n'));
    write('validation.jsonl', row('b', [true]));
    expect((await load(textProperties, directory)).splits.train).toHaveLength(rows);
  }, 30_000);

  it.each([
    ['{"text": "a"', /train\.jsonl, line 1 to be readable as JSON/],
    [row('a', ['yes']), /row 1 of train\.jsonl to be an example, got measurements\.0/],
    [row('', [true]), /row 1 of train\.jsonl .* text/],
    ['{"text": "a", "measurements": [true], "is_clean": true}', /is_correct/],
  ])('that are wrong are named: %s', async (line, message) => {
    write('train.jsonl', line);
    write('validation.jsonl', row('b', [true]));
    await expect(load(textProperties, directory)).rejects.toThrow(message);
  });

  it('that are missing are named', async () => {
    write('train.jsonl', row('a', [true]));
    await expect(load(textProperties, directory)).rejects.toThrow(/validation\.jsonl/);
    await expect(load(textProperties, join(directory, 'nowhere'))).rejects.toThrow(/to be a directory, got "nothing"/);
    writeFileSync(join(directory, 'validation-00000-of-00001.parquet'), 'not Parquet');
    await expect(load(textProperties, directory)).rejects.toThrow(/readable as Parquet/);
  });
});

it('a dataset on the hub is named by its seed, and only its splits are wanted', () => {
  const source = diamonds.files?.({}, 9);
  expect(source?.source).toBe('redwoodresearch/diamonds-seed1');
  expect(source?.wants?.('data/train-00000-of-00002-abc.parquet')).toBe(true);
  expect(source?.wants?.('data/train_for_val-00000-of-00001.parquet')).toBe(true);
  expect(source?.wants?.('README.md')).toBe(false);
  expect(generatedStories.files?.({ source: 'my/data', revision: 'v1' }, 0)).toMatchObject({
    source: 'my/data',
    revision: 'v1',
  });
});
