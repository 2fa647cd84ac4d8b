/** The files of Universal Sentence Encoder lite: found by name, pinned by digest, refused where they are damaged. */
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../src/cli/find-model.ts';
import { resolveConfig } from '../../src/experiments/config.ts';
import { encodeInputs } from '../../src/models/encode-inputs.ts';
import { openPretrained } from '../../src/models/pretrained.ts';
import { builtInDirectory } from '../../src/models/universal-sentence-encoder/built-in-directory.ts';
import { createUnigramTokenizer } from '../../src/models/universal-sentence-encoder/unigram-tokenizer.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';

const source = 'universal-sentence-encoder-lite';
const installed = builtInDirectory(source) as string;

/** A copy in which one file is another. */
async function copied(directory: string, file: string, change: (bytes: Buffer) => Buffer | string): Promise<string> {
  const copy = join(directory, 'encoder');
  await mkdir(copy);
  const names = (await readdir(installed)).filter((name) => name !== file && !/\.d?\.?[jt]s$/.test(name));
  await Promise.all(names.map((name) => symlink(join(installed, name), join(copy, name))));
  await writeFile(join(copy, file), change(await readFile(join(installed, file))));
  return copy;
}

const text = (change: (text: string) => string) => (bytes: Buffer) => change(bytes.toString());
const { signal } = new AbortController();
const shard = 'group1-shard7of7';

describe('universal-sentence-encoder-lite', () => {
  it('is found by name, keeps it, and is fixed to its files', async () => {
    const config = resolveConfig({ preset: 'quick', model: { source } }, { threads: 1 });
    const found = await findModel(config, { signal });
    expect(found.modelPath).toBe(installed);
    expect(found.config.model).toMatchObject({ source, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const other = { ...config, model: { source, digest: '0'.repeat(64) } };
    await expect(findModel(other, { signal })).rejects.toThrow(/universal-sentence-encoder-lite.*digest 0{64}/);
    expect(builtInDirectory('universal-sentence-encoder')).toBeUndefined();
  });

  it('takes texts up to 512 tokens, cut where maxTokens says so', async () => {
    const { network, tokenizer } = await openPretrained(source, { maxTokens: 200 });
    const inputs = [{ id: 'log', text: 'assert value == 3 '.repeat(100_000) }];
    const limits = { maxTokens: network.maxTokens, vocabulary: network.vocabulary };
    const whole = tokenizer.encode('assert value == 3 '.repeat(100));
    expect(Array.from(encodeInputs(tokenizer, inputs, { ...limits, truncate: 'end' })[0] ?? [])).toEqual(
      Array.from(whole).slice(0, 200),
    );
    await expect(openPretrained(source, { maxTokens: 513 })).rejects.toThrow(/at most the 512 tokens/);
  });

  it.each([
    ['model.json', text((json) => json.slice(0, 999)), /model.json to be JSON/],
    [
      'model.json',
      text((json) => json.replace(/\b8002,/, '8001,')),
      /Embeddings_en.* to be of shape \[8002,256\], got \[8001,256\]/,
    ],
    ['model.json', text((json) => json.replaceAll('layer_0/bias', 'layer_0/other')), /tanh_layer_0\/bias.* of shape/],
    ['model.json', text((json) => json.replace('"float32"', '"float32", "quantization": {}')), /quantised/],
    ['model.json', text((json) => json.replace('group1-shard1of7', '../shard')), /must name a file beside it/],
    ['vocab.json', text((json) => json.replace('["<s>",0]', '["<s>"]')), /vocab.json to be one that can be read/],
  ])('is refused with a damaged %s', (file, change, message) =>
    inTemporaryDirectory(async (directory) => {
      await expect(openPretrained(await copied(directory, file, change))).rejects.toThrow(message);
    }),
  );

  it('is refused where weights are absent, cut off or not finite', () =>
    inTemporaryDirectory(async (directory) => {
      const copy = await copied(directory, shard, (bytes) => {
        bytes.writeFloatLE(Number.NaN, bytes.length - 2e6);
        return bytes;
      });
      const read = async () => (await openPretrained(copy)).readWeights();
      await expect(read()).rejects.toThrow(/value \d+ of ".*" beside .*model.json to be finite, got NaN/);
      await truncate(join(copy, shard), 1000);
      await expect(read()).rejects.toThrow(/to be 27903656 bytes in all, got 25166824/);
    }));
});

describe('createUnigramTokenizer', () => {
  const score = (sum: number): number => sum;
  const tokenizer = createUnigramTokenizer([
    ...['?', '<s>', '</s>', 'x', 'y', 'z'].map((piece) => [piece, 0] as const),
    ...(['▁', 'a', 'b', 'ab', '▁ab', 'aba'].map((piece, i) => [piece, score(-1 - i)]) as [string, number][]),
  ]);
  const pieces = (input: string) => Array.from(tokenizer.encode(input), (id) => tokenizer.decode([id]));

  it('cuts a text into the pieces of the highest sum', () => {
    // ▁ −1, a −2, b −3, ab −4, ▁ab −5, aba −6.
    expect(Array.from(tokenizer.encode('ab'))).toEqual([6, 9]);
    expect(Array.from(tokenizer.encode('aba'))).toEqual([6, 9, 7]);
  });

  it('joins unknown characters, and takes surrogate pairs for one of them', () => {
    expect(Array.from(tokenizer.encode('😀é! a'))).toEqual([6, 0, 6, 7]);
    expect(pieces('a😀')).toEqual(['', 'a', '?']);
  });

  it('takes a word without end in parts, and stops where its start suffices', () => {
    const word = 'b'.repeat(200_000);
    expect(tokenizer.encode(word)).toHaveLength(200_001);
    expect(tokenizer.encode(`${word} ab`, 5).length).toBeLessThan(70_000);
    expect(Array.from(tokenizer.encode(`${word} ab`)).slice(-3)).toEqual([8, 6, 9]);
  });
});
