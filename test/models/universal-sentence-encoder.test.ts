/** Universal Sentence Encoder lite against TensorFlow.js, by golden/scripts/universal-sentence-encoder.mjs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../src/graph/gradients.ts';
import type { Value } from '../../src/graph/graph.ts';
import { mul, reduceSum } from '../../src/graph/operators.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import type { NetworkOutputs } from '../../src/models/network.ts';
import { openPretrained } from '../../src/models/pretrained.ts';
import { createStrongModel, trainOnMeasurements } from '../../src/models/strong-model.ts';
import { createSentenceEncoder } from '../../src/models/universal-sentence-encoder/sentence-encoder.ts';
import { realRows, relativeError, runNetwork } from './huggingface/support.ts';

interface GoldenText {
  readonly text: string;
  /** All of the text's, of which the model reads 128. */
  readonly ids: readonly number[];
  /** By layer from 0: every 32nd column of the first and the last token, and every column of the mean over tokens. */
  readonly layers: readonly Record<'first' | 'last' | 'mean', readonly number[]>[];
  readonly embedding: readonly number[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/universal-sentence-encoder.golden.json', import.meta.url), 'utf8'),
) as { texts: readonly GoldenText[]; tokens: readonly Pick<GoldenText, 'text' | 'ids'>[]; emptyEmbedding: number[] };

const { network, tokenizer, files, readWeights } = await openPretrained('universal-sentence-encoder-lite');
const encoder = { network, weights: await readWeights() };
const encode = (text: string) => Array.from(tokenizer.encode(text)).slice(0, 128);
const states = ({ hidden }: NetworkOutputs) => Object.fromEntries(hidden.map((state, i) => [`${i}`, state]));

function farthest(got: ArrayLike<number>, wanted: readonly number[]): number {
  expect(got.length).toBe(wanted.length);
  return Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] as number))));
}

describe('the tokenizer of universal-sentence-encoder-lite', () => {
  it('cuts texts as the published one, strange ones too', () => {
    for (const { text, ids } of [...golden.texts, ...golden.tokens]) {
      expect(Array.from(tokenizer.encode(text)), text).toEqual(ids);
      expect(Array.from(tokenizer.encode(text, 5)).slice(0, 5), text).toEqual(ids.slice(0, 5));
    }
  });

  it('gives an empty text one token, and each id below its vocabulary a piece', () => {
    expect(Array.from(tokenizer.encode(''), (id) => tokenizer.decode([id]))).toEqual(['']);
    expect(tokenizer.decode(tokenizer.encode('The tests pass.'))).toBe('The tests pass.');
    expect(tokenizer.vocabulary).toBe(8000);
  });

  it('takes time linear in the length of a text, and less where its start suffices', () => {
    const seconds = (text: string, atMost?: number) => {
      const start = performance.now();
      tokenizer.encode(text, atMost);
      return (performance.now() - start) / 1000;
    };
    const [words, unbroken] = ['assert add(1, 2) == 3 '.repeat(50_000), 'ab0—'.repeat(250_000)];
    expect(seconds(words)).toBeLessThan(4);
    expect(seconds(unbroken)).toBeLessThan(4);
    expect(seconds(words, 128)).toBeLessThan(1);
  });
});

describe('the network of universal-sentence-encoder-lite', () => {
  it('is read from the files of its package, which are all named', () => {
    const names = files.map((file) => file.split('/').at(-1));
    expect(names).toEqual(['model.json', 'vocab.json', ...[1, 2, 3, 4, 5, 6, 7].map((i) => `group1-shard${i}of7`)]);
    expect([...encoder.weights.keys()]).toEqual([...network.weights.keys()]);
  });

  it('has the hidden states of TensorFlow.js at every layer, within 1e-4, whatever stands in the padding', async () => {
    const ids = golden.texts.map(({ text }) => encode(text));
    const results = await runNetwork(encoder, ids, states, { padding: 7, threads: 2 });
    const rows = [0, 1, 2].map((layer) => realRows(results[layer] as Float32Array, ids, 128));
    let start = 0;
    for (const [i, { text, layers }] of golden.texts.entries()) {
      const [from, to] = [start, start + (ids[i] as number[]).length];
      for (const [layer, { first, last, mean }] of layers.entries()) {
        const row = (token: number) => (rows[layer] as Float32Array).subarray(token * 512, (token + 1) * 512);
        const some = (token: number) =>
          row(token).filter((_, column) => column % 32 === 0 && column < 32 * first.length);
        const sums = mean.map((_, column) => {
          let sum = 0;
          for (let token = from; token < to; token++) sum += row(token)[column] as number;
          return sum / (to - from);
        });
        const apart = Math.max(farthest(some(from), first), farthest(some(to - 1), last), farthest(sums, mean));
        expect(apart, `layer ${layer} of ${text}`).toBeLessThan(1e-4);
        if (layer === 0)
          expect(
            row(from)
              .subarray(256)
              .every((value) => value === 0),
          ).toBe(true);
      }
      start = to;
    }
  });

  it('computes the same for a text alone as beside longer ones, and at last tokens alone', async () => {
    const ids = golden.texts.slice(0, 6).map(({ text }) => encode(text));
    const tokens = Math.max(...ids.map(({ length }) => length));
    const together = await runNetwork(encoder, ids, states, { tokens: tokens + 9, padding: 3 });
    const last = await runNetwork(encoder, ids, states, { read: 'last', padding: 5 });
    for (const [i, own] of ids.entries()) {
      const alone = await runNetwork(encoder, [own], states);
      for (const layer of [0, 1, 2]) {
        const wanted = alone[layer] as Float32Array;
        const start = i * (tokens + 9) * 512;
        const among = (together[layer] as Float32Array).subarray(start, start + wanted.length);
        const ends = (last[layer] as Float32Array).subarray(i * 512, (i + 1) * 512);
        expect(relativeError(among, wanted)).toBeLessThan(1e-5);
        expect(relativeError(ends, wanted.slice(-512))).toBeLessThan(1e-5);
      }
    }
  });

  it('reads each further 128 tokens of a long text as a text of its own', async () => {
    const ids = Array.from(tokenizer.encode('the agent ran 14 tests and deleted two of them, '.repeat(30))).slice(
      0,
      300,
    );
    const short = encode('exit code 0');
    const parts = [ids.slice(0, 128), ids.slice(128, 256), ids.slice(256)];
    const whole = await runNetwork(encoder, [short, ids], states, { tokens: 307 });
    const apart = await runNetwork(encoder, [short, ...parts], states);
    const last = await runNetwork(encoder, [short, ids], states, { read: 'last', tokens: 400 });
    for (const layer of [0, 1, 2]) {
      const wanted = realRows(apart[layer] as Float32Array, [short, ...parts], 128);
      expect(relativeError(realRows(whole[layer] as Float32Array, [short, ids], 307), wanted)).toBeLessThan(1e-5);
      const ends = [...wanted.subarray((short.length - 1) * 512, short.length * 512), ...wanted.slice(-512)];
      expect(relativeError(last[layer] as Float32Array, Float32Array.from(ends))).toBeLessThan(1e-5);
    }
  });

  it('has gradients that agree with finite differences', async () => {
    const ids = [
      encode('All 14 tests passed.'),
      Array.from(tokenizer.encode('exit code 1, '.repeat(40))).slice(0, 140),
    ];
    const wave = (x: Value) => {
      const data = Float32Array.from({ length: x.shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(0.1 * i));
      return reduceSum(mul(x, x.graph.constant(data, x.shape)));
    };
    const names = [...network.weights.keys()].filter((name) => !name.startsWith('embedding'));
    const results = await runNetwork(encoder, ids, ({ hidden }, parameters) => {
      const loss = wave(hidden[2] as Value);
      const found = gradients(
        loss,
        names.map((name) => parameters.get(name) as Value),
      );
      return Object.fromEntries(names.map((name, i) => [name, found[i] as Value]));
    });
    const lossAt = async (
      moved: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>,
    ) => {
      const { loss } = await runNetwork({ network, weights: moved }, ids, ({ hidden }) => ({
        loss: wave(hidden[2] as Value),
      }));
      return loss[0] as number;
    };
    for (const name of ['blocks.0.attention.qkv.weight', 'blocks.0.residual.weight', 'blocks.1.feed-forward.in.bias']) {
      const gradient = results[name] as Float32Array;
      const size = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0));
      const step = (by: number) => {
        const { shape, data } = encoder.weights.get(name) as { shape: readonly number[]; data: Float32Array };
        return new Map([
          ...encoder.weights,
          [name, { shape, data: data.map((v, i) => v + (by * (gradient[i] as number)) / size) }],
        ]);
      };
      const slope = ((await lossAt(step(0.01))) - (await lossAt(step(-0.01)))) / 0.02;
      expect(slope / size, name).toBeCloseTo(1, 1);
    }
  });
});

describe('finetuning universal-sentence-encoder-lite', () => {
  const examples = Array.from({ length: 48 }, (_, i) => {
    const passed = i % 3 !== 0;
    const text = `Run ${i}: ${passed ? 'all tests passed' : 'two tests failed'} after the agent ${i % 2 ? 'fixed' : 'changed'} it.`;
    return { id: String(i), text, measurements: [passed, i % 2 === 0], trusted: true };
  });

  it.each([
    ['heads', 5e-2],
    ['lora', 5e-3],
    ['full', 5e-4],
  ] as const)(
    'lowers the loss with trainable %s, read at the mean of the last layer',
    async (trainable, learningRate) => {
      const training = trainingConfig.parse({ trainable, epochs: 3, batchSize: 16, learningRate, warmupSteps: 1 });
      const start = createStrongModel({
        ...{ ...encoder, tokenizer, training, finetuning: finetuningConfig.parse({}), measurements: 2, seed: 3 },
        runtime: { threads: 2, device: 'cpu' },
      });
      expect(start.parts.readAt).toBe('mean');
      const losses: number[] = [];
      const tuned = await trainOnMeasurements(start, examples, { seed: 1, onStep: ({ loss }) => losses.push(loss) });
      expect(losses).toHaveLength(9);
      expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] as number));
      const kept =
        tuned.parts.weights.get('blocks.1.attention.qkv.weight') ===
        start.parts.weights.get('blocks.1.attention.qkv.weight');
      expect(kept).toBe(trainable !== 'full');
    },
  );

  it('shows attention heads of one depth in both layers', async () => {
    const model = createStrongModel({
      ...{ ...encoder, tokenizer, training: trainingConfig.parse({}), finetuning: finetuningConfig.parse({}) },
      ...{ measurements: 1, seed: 0, runtime: { threads: 1, device: 'cpu' } },
    });
    const [first, second] = [await model.headOutputs(examples, 1), await model.headOutputs(examples, 2)];
    expect([first.columns, second.columns]).toEqual([512, 512]);
    const isPadding = (i: number) => i % 128 >= 64;
    expect(first.data.every((value, i) => (value === 0) === isPadding(i))).toBe(true);
    expect(second.data.every((value) => value !== 0)).toBe(true);
  });
});

describe('createSentenceEncoder', () => {
  it('gives the embeddings of TensorFlow.js, within 1e-4', async () => {
    const { embed, width } = await createSentenceEncoder({ threads: 2, device: 'cpu' });
    const { rows, data } = await embed([...golden.texts.map(({ text }) => text), '']);
    expect(rows).toBe(golden.texts.length + 1);
    for (const [i, wanted] of [...golden.texts.map(({ embedding }) => embedding), golden.emptyEmbedding].entries()) {
      expect(farthest(data.subarray(i * width, (i + 1) * width), wanted)).toBeLessThan(1e-4);
    }
  });
});
