import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categoryOf, type Example } from '../../src/core/examples.ts';
import type { Dataset, Setting } from '../../src/core/settings.ts';
import { createTrainingView } from '../../src/core/training-view.ts';
import { requireNeeds } from '../../src/techniques/needs.ts';
import { techniques } from '../../src/techniques/registry.ts';

const guide = readFileSync(new URL('../../docs/adding-a-setting.md', import.meta.url), 'utf8');
const [code] = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block as string) as [string];
const source = new URL('../../src/', import.meta.url).href;
let directory: string;
let stoveFire: Setting;
let dataset: Dataset;

const load = (options: object, seed = 0) => {
  const signal = new AbortController().signal;
  return stoveFire.load(stoveFire.options.parse(options), { seed, threads: 1, progress: () => {}, signal });
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-setting-'));
  const file = join(directory, 'stove-fire.ts');
  const zod = import.meta.resolve('zod');
  writeFileSync(file, code.replaceAll("'../../", `'${source}`).replaceAll("'zod'", `'${zod}'`));
  ({ stoveFire } = (await import(pathToFileURL(file).href)) as { stoveFire: Setting });
  dataset = await load({ trainExamples: 400, validationExamples: 200 });
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the setting of the guide', () => {
  it('is about as long as it says, and in its place', () => {
    expect(code.split('\n').length).toBeLessThan(90);
    expect(stoveFire.id).toBe('stove-fire');
    expect(guide).toContain('src/settings/stove-fire/stove-fire.ts');
  });

  it('has every category, and trusted examples that nobody tampered with', () => {
    const found = new Set(dataset.splits.train.map(categoryOf));
    expect([...found].sort()).toEqual([
      'all-negative',
      'fake-positive',
      'inconsistent',
      'real-positive',
      'trusted-negative',
      'trusted-positive',
    ]);
    const trusted = dataset.splits.train.filter((example) => example.trusted);
    expect(trusted.every(({ measurements, groundTruth }) => measurements.every((m) => m === groundTruth))).toBe(true);
  });

  it('gives the same data for the same seed, and no text twice', async () => {
    const again = await load({ trainExamples: 400, validationExamples: 200 });
    expect(again).toEqual(dataset);
    expect(await load({ trainExamples: 400, validationExamples: 200 }, 1)).not.toEqual(dataset);
    const texts = Object.values(dataset.splits).flatMap((examples: readonly Example[]) => examples.map((e) => e.text));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('refuses unknown options, foresees itself and shows texts', async () => {
    expect(stoveFire.options.safeParse({ rooms: 3 }).success).toBe(false);
    expect((await stoveFire.outlook(stoveFire.options.parse({}))).judged).toBe(1_000);
    expect(await stoveFire.sampleTexts(stoveFire.options.parse({}))).toHaveLength(100);
  });

  it('offers what it says: techniques that need it find it', () => {
    const view = createTrainingView(dataset.splits.train, dataset.measurementNames, { groundTruth: false });
    expect(() => requireNeeds(techniques['evidence-probe'], view)).not.toThrow();
  });
});
