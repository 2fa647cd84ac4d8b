import { describe, expect, it } from 'vitest';
import type { Completion } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import { encodeCompletions } from '../../src/models/log-likelihoods.ts';
import { createNetworkModel, type ModelParts, type NetworkModel } from '../../src/models/network-model.ts';
import { createPretrained, createStrongModel } from '../../src/models/strong-model.ts';
import type { TextTokenizer } from '../../src/models/text-tokenizer.ts';
import { createDecoder } from '../../src/models/transformer.ts';
import { openFixture, runNetwork } from './huggingface/support.ts';
import { smallOptions } from './planted.ts';
import { samplePrograms } from './sample-programs.ts';
import { tinyModel } from './tiny-network.ts';

const runtimes = [1, 2];

/** Programs cut in two anywhere. */
function completions(count: number): Completion[] {
  const rng = createRng(0, 'completions');
  return samplePrograms(count, 5).map((text) => {
    const cut = rng.integer(1, text.length - 1);
    return { prompt: text.slice(0, cut), answer: text.slice(cut) };
  });
}

async function openModel(name: string, threads = 1, parts: Partial<ModelParts> = {}): Promise<NetworkModel> {
  const { network, weights, tokenizer } = await openFixture(name);
  const [training, finetuning] = [trainingConfig.parse({}), finetuningConfig.parse({})];
  const rest = { measurements: 1, seed: 0, training, finetuning, runtime: { threads, device: 'cpu' as const } };
  return createStrongModel({ network, weights, tokenizer, ...rest, ...parts });
}

/** Log softmax of one row, in double precision. */
function logProbabilities(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const total = logits.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  return Array.from(logits, (value) => value - largest - Math.log(total));
}

/** The mean over tokens from `start` on, one text at a time, from the logits of the whole vocabulary. */
async function reference({ parts }: NetworkModel, ids: Int32Array, start: number): Promise<number> {
  const { logits } = await runNetwork(parts, [[...ids]], (built) => ({ logits: built.nextTokenLogits?.() as never }));
  const { vocabulary } = parts.network;
  const row = (position: number) => logits.subarray(position * vocabulary, (position + 1) * vocabulary);
  const values = Array.from({ length: ids.length - start }, (_, i) => {
    return logProbabilities(row(start + i - 1))[ids[start + i] as number] as number;
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.each(runtimes)('log likelihoods at %i threads', (threads) => {
  it('of the own decoder are those of its embedding and last states, the end token included', async () => {
    const model = createPretrained({ ...smallOptions(), threads });
    const { tokenizer, weights, network } = model.parts;
    const asked = completions(70);
    const got = await model.logLikelihoods(asked);
    const embedding = weights.get('embedding')?.data as Float32Array;
    for (const i of [0, 13, 69]) {
      const { prompt, answer } = asked[i] as Completion;
      const ids = tokenizer.encode(prompt + answer);
      const own = tokenizer.encode(prompt).slice(0, -1);
      const start = own.findIndex((id, at) => id !== ids[at]);
      const { states } = await model.tokenStates([{ id: '', text: prompt + answer }], network.layers);
      const values = [];
      for (let at = start === -1 ? own.length : start; at < ids.length; at++) {
        const state = states.data.subarray((at - 1) * network.width, at * network.width);
        const logits = Float32Array.from({ length: network.vocabulary }, (_, id) => {
          const row = embedding.subarray(id * network.width, (id + 1) * network.width);
          return row.reduce((sum, value, j) => sum + value * (state[j] as number), 0) / Math.sqrt(network.width);
        });
        values.push(logProbabilities(logits)[ids[at] as number] as number);
      }
      expect(ids.at(-1)).toBe(1);
      expect(got[i]).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 4);
    }
  });

  it.each(['gpt2', 'gpt-neox', 'llama', 'qwen2', 'qwen3'])('of %s are those of its whole logits', async (name) => {
    const model = await openModel(name, threads);
    const asked = completions(9).map(({ prompt, answer }) => ({
      prompt: prompt.slice(-20),
      answer: answer.slice(0, 9),
    }));
    const got = await model.logLikelihoods(asked);
    const encoded = encodeCompletions(model.parts.tokenizer, asked, model.parts.network);
    for (const [i, { ids, start }] of encoded.entries()) {
      expect(got[i]).toBeCloseTo(await reference(model, ids, start), 4);
    }
  });

  it('of all continuations by one token are those of probabilities that sum to 1', async () => {
    const model = tinyModel();
    const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
    for (const prompt of ['a', 'touch', 'stoneston']) {
      const logs = await model.logLikelihoods(letters.map((answer) => ({ prompt, answer })));
      expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 5);
    }
  });
});

describe('log likelihoods', () => {
  it('depend on the completion alone: not on the others asked, on their order, or on what was asked before', async () => {
    const model = createPretrained(smallOptions());
    const [{ prompt }] = completions(1) as [Completion];
    const asked = ['true;', 'false;', '', 'vault.pop();\n', 'true;'].map((answer) => ({ prompt, answer }));
    await model.logits([{ id: 'same', text: `${prompt}true;` }]);
    const got = await model.logLikelihoods(asked);
    expect(new Set(got).size).toBe(4);
    expect(got[4]).toBe(got[0]);
    for (const [i, completion] of asked.entries()) {
      expect((await model.logLikelihoods([completion]))[0]).toBeCloseTo(got[i] as number, 5);
    }
    expect([...(await model.logLikelihoods(asked.toReversed()))].reverse()).toEqual([...got]);
  });

  it('of a prompt cut elsewhere differ, though the text is the same', async () => {
    const model = tinyModel();
    const [whole, end] = await model.logLikelihoods([
      { prompt: 'a', answer: 'bcd' },
      { prompt: 'abc', answer: 'd' },
    ]);
    const [b, c] = await model.logLikelihoods([
      { prompt: 'a', answer: 'b' },
      { prompt: 'ab', answer: 'c' },
    ]);
    expect(3 * (whole as number)).toBeCloseTo((b as number) + (c as number) + (end as number), 5);
  });

  it('leave out the first token, which nothing predicts', async () => {
    const model = tinyModel();
    const [empty, one] = await model.logLikelihoods([
      { prompt: '', answer: 'abc' },
      { prompt: 'a', answer: 'bc' },
    ]);
    expect(empty).toBe(one);
    const asked = model.logLikelihoods([
      { prompt: 'ab', answer: 'c' },
      { prompt: 'ab', answer: '' },
    ]);
    await expect(asked).rejects.toThrow(/completion 2.*at least 1 token longer than its prompt.*Give it an answer/s);
  });

  it('cut a long prompt at its start, where texts may be cut', async () => {
    const model = tinyModel();
    const long = { prompt: 'abcdefghijklmno', answer: 'pq' };
    await expect(model.logLikelihoods([long])).rejects.toThrow(/completion 1.*at most 12 tokens long, got 17/);
    const cutting = createNetworkModel({ ...model.parts, truncate: 'end' as const });
    const [got, short] = await cutting.logLikelihoods([long, { prompt: 'fghijklmno', answer: 'pq' }]);
    expect(got).toBe(short);
  });

  it('hold the logits of a large vocabulary in parts', async () => {
    const [vocabulary, width] = [2 ** 19, 8];
    const rng = createRng(0, 'large');
    const network = createDecoder({ width, layers: 1, heads: 1, maxTokens: 64, vocabulary });
    const weights = new Map(
      [...network.weights].map(([name, { shape }]) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return [name, { shape, data: Float32Array.from({ length: size }, () => 0.5 * rng.normal()) }];
      }),
    );
    const tokenizer: TextTokenizer = {
      vocabulary,
      encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) * 1000),
      decode: () => '',
    };
    const model = createStrongModel({ ...tinyModel().parts, network, weights, tokenizer, measurements: 1, seed: 0 });
    const asked = { prompt: 'a', answer: 'bcdefghijklmnopqrstuvwxyzabcdefghij' };
    const ids = Int32Array.from(tokenizer.encode(asked.prompt + asked.answer));
    expect((await model.logLikelihoods([asked]))[0]).toBeCloseTo(await reference(model, ids, 1), 4);
  });

  it('are refused where each next token is not predicted', async () => {
    const asked = [{ prompt: 'a b', answer: ' c' }];
    for (const model of [await openModel('bert'), tinyModel({ causal: false })]) {
      const got = model.logLikelihoods([{ prompt: 'a', answer: 'b' }]);
      await expect(got).rejects.toMatchObject({ code: 'no-next-tokens' });
    }
    const encoder = await openModel('bert-encoder');
    await expect(encoder.logLikelihoods(asked)).rejects.toThrow(/bert network.*predicts each next token/);
  });
});

describe('tokens of an answer', () => {
  const limits = { maxTokens: 100, vocabulary: 320 };

  it('are those that reach beyond the prompt, also where one reaches across', async () => {
    const { tokenizer } = await openFixture('gpt2');
    const texts = [
      ['The vault', ' is open.'],
      ['The va', 'ult is open.'],
      ['The vault ', 'is open.'],
      ['', 'x'],
    ] as const;
    for (const [prompt, answer] of texts.slice(0, 3)) {
      const [found] = encodeCompletions(tokenizer, [{ prompt, answer }], limits);
      const ids = [...(found?.ids ?? [])];
      expect(tokenizer.decode(ids)).toBe(prompt + answer);
      const ends = ids.map((_, i) => tokenizer.decode(ids.slice(0, i + 1)).length);
      expect(found?.start).toBe(ends.findIndex((end) => end > prompt.length));
    }
  });

  it('include the end of text of the own tokenizer, which no prompt has', () => {
    const { tokenizer } = smallOptions();
    const [text] = samplePrograms(1, 3) as [string];
    const [found, bare] = encodeCompletions(
      tokenizer,
      [
        { prompt: text.slice(0, 30), answer: text.slice(30) },
        { prompt: text, answer: '' },
      ],
      { maxTokens: 1000, vocabulary: tokenizer.vocabulary },
    );
    expect(found?.ids.at(-1)).toBe(1);
    expect([...(bare?.ids ?? [])]).toEqual([...(found?.ids ?? [])]);
    expect(bare?.start).toBe((bare?.ids.length ?? 0) - 1);
    expect(tokenizer.decode(found?.ids.subarray(0, found.start) ?? [])).toBe(
      text.slice(0, 30).slice(0, tokenizer.decode(found?.ids.subarray(0, found.start) ?? []).length),
    );
  });
});
