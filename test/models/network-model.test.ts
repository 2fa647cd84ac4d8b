import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel, saveModel } from '../../src/models/checkpoint.ts';
import { trainingConfig } from '../../src/models/config.ts';
import { createNetworkModel } from '../../src/models/network-model.ts';
import { createPretrained } from '../../src/models/strong-model.ts';
import { loadTuned, saveTuned } from '../../src/models/tuned-checkpoint.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { letterTokenizer, tinyModel, width, words } from './tiny-network.ts';

const data = words(32);
const runtime = { threads: 1, device: 'cpu' as const };
const lora = { trainable: 'lora', lora: { rank: 2, alpha: 4, targets: [] } };

describe('a network that is not the project’s own', () => {
  it('reads texts at the last token where causal, else at the first', async () => {
    const word = (text: string) => ({ id: text, text });
    const read = async (causal: boolean) =>
      (await tinyModel({ causal }).activations(['abc', 'c', 'a'].map(word), 1)).data;
    const row = (data: Float32Array, i: number) => [...data.subarray(i * width, (i + 1) * width)];
    const [last, first] = [await read(true), await read(false)];
    expect(row(last, 0)).toEqual(row(last, 1));
    expect(row(first, 0)).toEqual(row(first, 2));
    expect(row(first, 0)).not.toEqual(row(first, 1));
  });

  it('reads the mean over its tokens, or over those of a mask', async () => {
    const { parts } = tinyModel();
    const mean = createNetworkModel({ ...parts, readAt: 'mean' });
    const letters = (text: string) => [...text].map((letter) => ({ id: letter, text: letter }));
    const { data } = await mean.activations(
      [
        { id: 'x', text: 'bed' },
        { id: 'y', text: 'longestword' },
      ],
      1,
    );
    const each = (await mean.activations(letters('bed'), 1)).data;
    for (let j = 0; j < width; j++) {
      const sum = (each[j] as number) + (each[width + j] as number) + (each[2 * width + j] as number);
      expect(data[j]).toBeCloseTo(sum / 3, 5);
    }
    const firstOnly = createNetworkModel({ ...parts, readAt: 'mean', readMask: () => [1, 0, 0] });
    const masked = (await firstOnly.activations([{ id: 'x', text: 'bed' }], 1)).data;
    for (let j = 0; j < width; j++) expect(masked[j]).toBeCloseTo(each[j] as number, 6);
  });

  it('may have more than 65,536 token ids', async () => {
    const big = tinyModel({ vocabulary: 70_026, first: 70_000, training: { trainable: 'heads' } });
    const small = tinyModel({ vocabulary: 26 });
    const { weights, network } = small.parts;
    const embedding = new Float32Array(70_026 * width);
    embedding.set(weights.get('embed.weight')?.data as Float32Array, 70_000 * width);
    const moved = new Map([...weights, ['embed.weight', { shape: [70_026, width], data: embedding }]]);
    const wide = createNetworkModel({ ...big.parts, weights: moved });
    expect((await wide.logits(data.inputs)).data).toEqual((await small.logits(data.inputs)).data);
    expect(network.vocabulary).toBe(26);
  });

  it('refuses a tokenizer that does not fit, and ids the network does not know', async () => {
    const { parts } = tinyModel();
    expect(() => createNetworkModel({ ...parts, tokenizer: letterTokenizer(27) })).toThrow(
      /at most the 26 token ids.*27/,
    );
    const wrong = createNetworkModel({ ...parts, tokenizer: letterTokenizer(26, 5) });
    await expect(wrong.logits([{ id: 'w', text: 'az' }])).rejects.toThrow(/example "w" to be below 26, got 30/);
    await expect(wrong.logits([{ id: 'empty', text: '' }])).rejects.toThrow(/example "empty" to be at least 1 token/);
  });

  it('cuts long texts at the side it is told to, special tokens kept', async () => {
    const { parts } = tinyModel();
    const long = [{ id: 'long', text: 'abcdefghijklmnop' }];
    await expect(tinyModel().logits(long)).rejects.toThrow(/"long" to be at most 12 tokens/);
    const last = async (truncate: 'start' | 'end', after = 0) => {
      const tokenizer = { ...letterTokenizer(26), special: { before: 0, after } };
      const model = createNetworkModel({ ...parts, tokenizer, truncate });
      const rows = await model.activations([...long, ...[...'klp'].map((text) => ({ id: text, text }))], 1);
      const row = (i: number) => rows.data.slice(i * width, (i + 1) * width);
      return 'klp'[[1, 2, 3].findIndex((i) => row(i).join() === row(0).join())];
    };
    expect(await Promise.all([last('start'), last('end'), last('end', 1)])).toEqual(['p', 'l', 'p']);
  });
});

describe('what was trained', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'touchstone-tuned-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.each([
    ['heads', { trainable: 'heads' }, 2],
    ['adapters', lora, 6],
    ['all weights', {}, 6],
  ])('is saved alone and opened on its base: %s', async (name, training, tensors) => {
    const base = tinyModel({ training });
    const tuned = await base.finetune(data, { seed: 1 });
    const place = join(directory, name);
    await saveTuned(tuned, base, place);
    const opened = await loadTuned(tinyModel({ training }), place);
    expect((await opened.logits(data.inputs)).data).toEqual((await tuned.logits(data.inputs)).data);
    expect(opened.parts.adapters).toEqual(tuned.parts.adapters);
    expect((await readdir(place)).sort()).toEqual(['model.json', 'model.safetensors']);
    const header = (await readFile(join(place, 'model.safetensors'))).toString('latin1');
    expect(header.match(/"dtype"/g)).toHaveLength(tensors);
    const more = [await opened.finetune(data, { seed: 2 }), await tuned.finetune(data, { seed: 2 })];
    expect(more[0]?.parts.weights).toEqual(more[1]?.parts.weights);
  });

  it('is refused on another base, or when damaged', async () => {
    const base = tinyModel({ training: lora });
    const place = join(directory, 'refused');
    await saveTuned(await base.finetune(data, { seed: 1 }), base, place);
    await expect(loadTuned(tinyModel({ vocabulary: 30 }), place)).rejects.toThrow(/base of .*model.json.*another tiny/);
    const file = join(place, 'model.safetensors');
    const bytes = await readFile(file);
    await writeFile(file, Buffer.from(bytes.toString('latin1').replace('"heads.bias"', '"heads.bios"'), 'latin1'));
    await expect(loadTuned(base, place)).rejects.toThrow(/"heads.bios".*unknown name/);
  });

  it('of the project’s own network is saved with it, adapters included', async () => {
    const options = smallOptions();
    const model = createPretrained({ ...options, training: trainingConfig.parse({ ...options.training, ...lora }) });
    const inputs = plantedExamples(40, 5);
    const cells = { rows: 40, columns: 4, data: new Float32Array(160).fill(1) };
    const tuned = await model.finetune({ inputs, targets: cells, weights: cells }, { seed: 1, epochs: 1 });
    const place = join(directory, 'own');
    await saveModel(tuned, place);
    const opened = await loadModel(place, runtime);
    expect((await opened.logits(inputs)).data).toEqual((await tuned.logits(inputs)).data);
    const foreign = tinyModel() as unknown as typeof model;
    await expect(saveModel(foreign, place)).rejects.toThrow(/decoder of the project, got "tiny".*saveTuned/);
  });
});
