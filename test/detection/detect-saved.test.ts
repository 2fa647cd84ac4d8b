import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DetectionRow } from '../../src/core/detection.ts';
import type { OwnExample } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { type Detection, detect } from '../../src/detection/detect/detect.ts';
import { loadDetector } from '../../src/detection/detect/load-detector.ts';
import { saveDetector } from '../../src/detection/detect/save-detector.ts';
import { scoreRows } from '../../src/detection/detect/score-rows.ts';
import { resolveDetectorConfig } from '../../src/detection/detection-config.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { plantedWorld } from './planted.ts';

const directory = mkdtempSync(join(tmpdir(), 'touchstone-detector-'));
afterAll(() => rmSync(directory, { recursive: true }));

const keepable = [
  'evidence-probe',
  'mahalanobis',
  'untrusted-finetuning',
  'trusted-finetuning',
  'trusted-probe',
  'evidence-finetuning',
  'exclusion-finetuning',
  'dirtiness-probe',
  'measurement-gap',
  'surface-baseline',
];

/** Texts about an outcome whose second half tells tampering; the features of {@link plantedWorld} as words. */
function textWorld(count: number, seed: number): readonly OwnExample[] {
  const rng = createRng(seed, 'texts');
  const words = (from: readonly string[]) => Array.from({ length: 3 }, () => rng.choice(from)).join(' ');
  return Array.from({ length: count }, (_, i) => {
    const trusted = i % 3 === 0;
    const kind = trusted ? rng.choice(['real', 'none']) : rng.choice(['real', 'real', 'fake', 'failed', 'none']);
    const measurements = { real: [true, true], fake: [true, true], failed: [true, false], none: [false, false] }[kind];
    const outcome = kind === 'none' ? ['stone', 'sand', 'dust'] : ['diamond', 'ruby', 'pearl'];
    const deed = kind === 'fake' || kind === 'failed' ? ['patched', 'forged', 'faked'] : ['kept', 'held', 'left'];
    const text = `${words(outcome)} was ${words(deed)} ${i}`;
    return { id: `t${i}`, text, trusted, measurements: measurements as boolean[], groundTruth: kind === 'real' };
  });
}

async function savedAndLoaded(detection: Detection, name: string, options = {}) {
  const place = join(directory, name);
  await saveDetector(detection.detector, place);
  return loadDetector(place, options);
}

async function collect(rows: AsyncIterable<DetectionRow>): Promise<DetectionRow[]> {
  const all: DetectionRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe('a saved detector', async () => {
  const whole = plantedWorld({ trusted: 200, untrusted: 700, seed: 7 });
  const [train, fresh] = [whole.data.examples.slice(0, 600), whole.data.examples.slice(600)];
  const world = { features: whole.features, data: { ...whole.data, examples: train } };
  const config = resolveDetectorConfig({ techniques: keepable, weighted: false });
  const detection = await detect({ ...world, config });

  it('scores as before, whichever technique it is', async () => {
    const loaded = await savedAndLoaded(detection, 'all', { features: whole.features });
    const [before, after] = [await detection.detector.score(fresh), await loaded.score(fresh)];
    expect(after).toEqual(before);
    expect(Object.keys(after[0]?.further ?? {})).toEqual(keepable.slice(1));
    expect(loaded.data).toEqual(detection.record.data);
    expect(loaded.config).toEqual(config);
  });

  it('keeps weights, and takes another alarm', async () => {
    const weighted = resolveDetectorConfig({ techniques: ['evidence-probe'], weighted: true });
    const kept = await detect({ ...world, config: weighted });
    const loaded = await savedAndLoaded(kept, 'weighted', { features: whole.features });
    expect(await loaded.score(fresh)).toEqual(await kept.detector.score(fresh));
    for (const alarm of [0, 1, 5, Number.NaN]) {
      await expect(loaded.score(fresh, { alarm })).rejects.toThrow('a rate between 0 and 1');
      await expect(collect(scoreRows(loaded, fresh, { alarm }))).rejects.toThrow('a rate between 0 and 1');
    }
    const strict = await loaded.score(fresh, { alarm: 0.001 });
    expect(strict.some(({ flagged }) => flagged)).toBe(false);
    const corrected = await detection.detector.score(fresh, { alarm: 0.3, correction: 'benjamini-hochberg' });
    const plain = await detection.detector.score(fresh, { alarm: 0.3 });
    const count = (rows: readonly DetectionRow[]) => rows.filter(({ flagged }) => flagged).length;
    expect(count(corrected)).toBeGreaterThan(0);
    expect(count(corrected)).toBeLessThan(count(plain));
  });

  it('scores rows as they come, as it scores them together', async () => {
    const { detector } = detection;
    const together = await detector.score(fresh);
    const done: number[] = [];
    const streamed = await collect(scoreRows(detector, fresh, { batch: 100, onRows: (rows) => done.push(rows) }));
    expect(streamed).toEqual(together.map((row) => ({ ...row, rank: null })));
    expect(done).toEqual([100, 200, 300]);
    await expect(collect(scoreRows(detector, fresh, { correction: 'benjamini-hochberg' }))).rejects.toThrow(
      'Expected the correction to be none',
    );
    expect(await collect(scoreRows(detector, []))).toEqual([]);
    const odd = [{ ...(fresh[0] as OwnExample), measurements: [true] }];
    await expect(collect(scoreRows(detector, odd))).rejects.toThrow('to have 2 measurements, got 1');
  });

  it('replaces a detector and nothing else', async () => {
    const place = join(directory, 'replaced');
    await saveDetector(detection.detector, place);
    const names = readdirSync(place).sort();
    await saveDetector(detection.detector, place);
    expect(readdirSync(place).sort()).toEqual(names);
    const other = mkdtempSync(join(directory, 'other-'));
    writeFileSync(join(other, 'thesis.txt'), 'years of work');
    await expect(saveDetector(detection.detector, other)).rejects.toThrow('absent, empty, or a detector to replace');
    expect(readFileSync(join(other, 'thesis.txt'), 'utf8')).toBe('years of work');
    writeFileSync(join(place, 'detections.csv'), 'what it found');
    await expect(saveDetector(detection.detector, place)).rejects.toThrow('other files (detections.csv)');
    expect(readFileSync(join(place, 'detections.csv'), 'utf8')).toBe('what it found');
    expect(readdirSync(directory).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('says which techniques can be kept', async () => {
    const all: readonly Technique[] = Object.values(techniques);
    const restorable = all.filter(({ restore }) => restore).map(({ id }) => id);
    expect(restorable.sort()).toEqual(keepable.toSorted());
    const unkept = resolveDetectorConfig({ techniques: ['local-outlier-factor'] });
    const { detector } = await detect({ ...world, config: unkept });
    await expect(saveDetector(detector, join(directory, 'unkept'))).rejects.toThrow(
      /got "local-outlier-factor".*evidence-probe/,
    );
  });

  it('refuses damaged files and missing activations', async () => {
    const place = join(directory, 'damaged');
    await saveDetector(detection.detector, place);
    await expect(loadDetector(place)).rejects.toThrow('activations, as it was trained on');
    const { features } = whole;
    for (const file of ['arrays.f64', 'predictor/heads.safetensors']) {
      const whole = readFileSync(join(place, file));
      const flipped = Buffer.from(whole);
      flipped[whole.length - 2] = (whole.at(-2) as number) ^ 1;
      writeFileSync(join(place, file), flipped);
      await expect(loadDetector(place, { features })).rejects.toThrow(`${file} to be there as it was saved`);
      writeFileSync(join(place, file), whole);
    }
    truncateSync(join(place, 'arrays.f64'), 100);
    await expect(loadDetector(place, { features })).rejects.toThrow('arrays.f64');
    const newer = { ...JSON.parse(readFileSync(join(place, 'detector.json'), 'utf8')), version: 2 };
    writeFileSync(join(place, 'detector.json'), JSON.stringify(newer));
    await expect(loadDetector(place, { features })).rejects.toThrow('version');
    writeFileSync(join(place, 'detector.json'), '{"format": "touchstone-detector"}');
    await expect(loadDetector(place, { features })).rejects.toThrow('detector.json');
    await expect(loadDetector(join(directory, 'nowhere'))).rejects.toThrow('detector.json');
  });
});

describe('a saved detector of texts', () => {
  const examples = textWorld(300, 1);
  const data = { measurementNames: ['a', 'b'], examples };
  const fresh = textWorld(120, 2).map((example) => ({ ...example, id: `n${example.id}` }));
  const techniques = [
    'evidence-probe',
    { id: 'evidence-finetuning', options: { epochs: 1 } },
    { id: 'surface-baseline', options: { l2: [1e-3], values: 'presence' } },
    { as: 'single-words', id: 'surface-baseline', options: { l2: [1e-3], bigrams: false } },
  ];
  const shared = { techniques, folds: 2 };
  const source = 'test/fixtures/huggingface/bert-encoder';

  it.each([
    [
      'trained from nothing',
      { ...shared, model: { width: 16, layers: 1, heads: 2, maxTokens: 64 }, training: { epochs: 1 } },
    ],
    ['frozen', { ...shared, model: { source, maxTokens: 32 } }],
    ['with adapters', { ...shared, model: { source, maxTokens: 32 }, training: { trainable: 'lora', epochs: 1 } }],
  ])('scores as before, %s', async (name, written) => {
    const detection = await detect({ data, config: resolveDetectorConfig(written) });
    expect(detection.rows).toHaveLength(examples.length);
    const loaded = await savedAndLoaded(detection, name.replaceAll(' ', '-'));
    const scored = await loaded.score(fresh);
    expect(scored).toEqual(await detection.detector.score(fresh));
    for (const words of ['surface-baseline', 'single-words']) {
      expect(new Set(scored.map(({ further }) => further[words])).size, words).toBeGreaterThan(20);
    }
    expect(await collect(scoreRows(loaded, fresh, { batch: 50 }))).toHaveLength(fresh.length);
  });

  it('refuses another encoder than its own', async () => {
    const copy = join(directory, 'encoder');
    cpSync(source, copy, { recursive: true });
    const config = resolveDetectorConfig({ ...shared, techniques: ['trusted-probe'], model: { source: copy } });
    await saveDetector((await detect({ data, config })).detector, join(directory, 'of-encoder'));
    await loadDetector(join(directory, 'of-encoder'), { modelPath: source });
    appendFileSync(join(copy, 'config.json'), ' ');
    await expect(loadDetector(join(directory, 'of-encoder'))).rejects.toThrow(/of digest/);
  });
});

it('texts that are too long are read as far as they can be, and counted', async () => {
  const rng = createRng(9);
  const ramble = () => Array.from({ length: 100 }, () => rng.choice([...'abcdefghijklmnopqrstuvwxyz'])).join(' ');
  const long = (example: OwnExample, i: number) =>
    i % 10 === 0 ? { ...example, text: `${example.text} ${ramble()}` } : example;
  const data = { measurementNames: ['a', 'b'], examples: textWorld(120, 3).map(long) };
  const shared = { techniques: ['untrusted-finetuning'], folds: 2 };
  const source = 'test/fixtures/huggingface/bert-encoder';
  for (const model of [
    { width: 16, layers: 1, heads: 2, maxTokens: 40 },
    { source, maxTokens: 32 },
  ]) {
    const { record } = await detect({
      data,
      config: resolveDetectorConfig({ ...shared, model, training: { epochs: 1 } }),
    });
    expect(record.notes.join(' ')).toMatch(/ texts are longer than (40|32) tokens; what comes after is not read\./);
  }
});
