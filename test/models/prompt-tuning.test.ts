import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Matrix, TrainingTargets } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { createSession } from '../../src/graph/session.ts';
import { loadModel, saveModel } from '../../src/models/checkpoint.ts';
import { buildTraining } from '../../src/models/compiled.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import { targetFeeds, textFeeds } from '../../src/models/feeds.ts';
import type { NetworkOutputs } from '../../src/models/network.ts';
import {
  arraysOf,
  createNetworkModel,
  encodeFor,
  mergeAdapters,
  modelShape,
  type NetworkModel,
} from '../../src/models/network-model.ts';
import { createOnnxNetwork } from '../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../src/models/onnx/read-onnx-weights.ts';
import { createPretrained, createStrongModel } from '../../src/models/strong-model.ts';
import { loadTuned, saveTuned } from '../../src/models/tuned-checkpoint.ts';
import { promptName, withVirtualTokens } from '../../src/models/virtual-tokens.ts';
import { openFixture, relativeError, runNetwork } from './huggingface/support.ts';
import { fixture } from './onnx/support.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { samplePrograms } from './sample-programs.ts';
import { tinyModel, words } from './tiny-network.ts';

const runtime = { threads: 1, device: 'cpu' as const };
const options = smallOptions();
const examples = plantedExamples(240, 1);
const heldOut = plantedExamples(30, 2);

function targetsOf(heads: number, inputs = examples): TrainingTargets {
  const cells = (of: (example: (typeof examples)[number]) => number) =>
    Float32Array.from(inputs.flatMap((example) => Array.from({ length: heads }, () => of(example))));
  const shape = { rows: inputs.length, columns: heads };
  return {
    inputs,
    targets: { ...shape, data: cells(({ groundTruth }) => Number(groundTruth)) },
    weights: { ...shape, data: cells(() => 1) },
  };
}

async function openModel(name: string, threads = 1): Promise<NetworkModel> {
  const { network, weights, tokenizer } = await openFixture(name);
  const [training, finetuning] = [trainingConfig.parse({ batchSize: 8 }), finetuningConfig.parse({ epochs: 1 })];
  const rest = { measurements: 1, seed: 0, training, finetuning, runtime: { threads, device: 'cpu' as const } };
  return createStrongModel({ network, weights, tokenizer, ...rest });
}

function gap(a: Matrix, b: Matrix): number {
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] as number))), 0);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-prompt-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([1, 2])('prompt tuning of the own decoder at %i threads', (threads) => {
  const base = createPretrained({ ...options, threads });
  const losses: number[] = [];
  let tuned: NetworkModel;
  beforeAll(async () => {
    const onStep = ({ loss }: { loss: number }) => losses.push(loss);
    const recipe = { trainable: 'prompt', virtualTokens: 4, epochs: 15, learningRate: 0.03, seed: 3, onStep } as const;
    tuned = await base.finetune(targetsOf(4), recipe);
  });

  it('learns the vectors and the heads, and nothing else', () => {
    const changed = [...tuned.parts.weights].filter(([name, tensor]) => base.parts.weights.get(name) !== tensor);
    expect(changed.map(([name]) => name).sort()).toEqual(['heads.bias', 'heads.weight', 'prompt.weight']);
    expect(tuned.parts.weights.get('prompt.weight')?.shape).toEqual([4, base.width]);
    expect(base.parts.weights.has('prompt.weight')).toBe(false);
    expect(tuned.parts.network).toMatchObject({ virtualTokens: 4, maxTokens: base.parts.network.maxTokens - 4 });
  });

  it('lowers the loss more than the heads alone', async () => {
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(losses.slice(-8))).toBeLessThan(0.95 * mean(losses.slice(0, 4)));
    const ofHeads: number[] = [];
    const onStep = ({ loss }: { loss: number }) => ofHeads.push(loss);
    await base.finetune(targetsOf(4), { trainable: 'heads', epochs: 15, learningRate: 0.03, seed: 3, onStep });
    expect(mean(losses.slice(-8))).toBeLessThan(mean(ofHeads.slice(-8)));
  });

  it('puts the vectors before the texts in every read-out', async () => {
    const weights = new Map([...base.parts.weights, ...headsOf(tuned)]);
    const plain = createNetworkModel({ ...base.parts, weights });
    expect(gap(await tuned.logits(heldOut), await plain.logits(heldOut))).toBeGreaterThan(1e-3);
    expect(gap(await tuned.headOutputs(heldOut, 2), await plain.headOutputs(heldOut, 2))).toBeGreaterThan(1e-3);
    const asked = samplePrograms(3, 8).map((text) => ({ prompt: text.slice(0, 20), answer: text.slice(20) }));
    expect([...(await tuned.logLikelihoods(asked))]).not.toEqual([...(await plain.logLikelihoods(asked))]);
    for (const layer of [0, 1, 2]) {
      const { lengths, states } = await tuned.tokenStates(heldOut, layer);
      expect([...lengths]).toEqual(encodeFor(tuned.parts, heldOut).map((ids) => ids.length));
      const read = await tuned.activations(heldOut, layer);
      let end = 0;
      const last = [...lengths].flatMap((length) => {
        end += length;
        return [...states.data.subarray((end - 1) * tuned.width, end * tuned.width)];
      });
      expect(relativeError(read.data, Float32Array.from(last))).toBeLessThan(1e-5);
    }
  });

  it('lets itself be intervened on', async () => {
    const logits = await tuned.logits(heldOut);
    for (const layer of [0, 1, 2]) {
      const states = await tuned.activations(heldOut, layer);
      expect(gap(await tuned.intervene(heldOut, { layer, states }), logits)).toBeLessThan(2e-5);
      const coefficients = { rows: 30, columns: 4, data: new Float32Array(120).fill(1) };
      const gradient = await tuned.interventionGradient(heldOut, { layer, states }, coefficients);
      const step = 1e-2 / Math.max(...gradient.data.map(Math.abs));
      const moved = { ...states, data: states.data.map((value, i) => value + step * (gradient.data[i] as number)) };
      const after = await tuned.intervene(heldOut, { layer, states: moved });
      const rise = after.data.reduce((sum, value, i) => sum + value - (logits.data[i] as number), 0);
      const expected = step * gradient.data.reduce((sum, value) => sum + value * value, 0);
      expect(Math.abs(rise - expected) / expected).toBeLessThan(0.05);
    }
  });

  it('comes back from disk as it was, and can be trained on', async () => {
    const directory = join(folder, `own-${threads}`);
    await saveModel(tuned as never, directory);
    const loaded = await loadModel(directory, { ...runtime, threads });
    expect((await loaded.logits(heldOut)).data).toEqual((await tuned.logits(heldOut)).data);
    await saveTuned(tuned, base, `${directory}-tuned`);
    const over = await loadTuned(base, `${directory}-tuned`);
    expect((await over.logits(heldOut)).data).toEqual((await tuned.logits(heldOut)).data);
    const recipe = { trainable: 'prompt', epochs: 1, seed: 4 } as const;
    const further = await loaded.finetune(targetsOf(4), recipe);
    expect(further.parts.network.virtualTokens).toBe(4);
    expect(further.parts.weights).toEqual((await over.finetune(targetsOf(4), recipe)).parts.weights);
    expect(further.parts.weights.get('prompt.weight')).not.toEqual(tuned.parts.weights.get('prompt.weight'));
    const full = await over.finetune(targetsOf(4), { seed: 4 });
    expect(full.parts.weights.get('embedding')).not.toEqual(base.parts.weights.get('embedding'));
    expect(full.parts.weights.get('prompt.weight')).not.toEqual(tuned.parts.weights.get('prompt.weight'));
  });
});

describe.each(['gpt2', 'gpt-neox', 'llama', 'qwen3', 'bert'])('prompt tuning of %s', (name) => {
  it('changes vectors and heads alone, and comes back over its base', async () => {
    const base = await openModel(name, 2);
    const inputs = samplePrograms(24, 3).map((text, i) => ({
      ...plantedExamples(1, i)[0],
      id: `${i}`,
      text: text.slice(0, 25),
    }));
    const data = targetsOf(3, inputs as never);
    const tuned = await base.finetune(data, { trainable: 'prompt', virtualTokens: 3, seed: 1 });
    const changed = [...tuned.parts.weights].filter(([key, tensor]) => base.parts.weights.get(key) !== tensor);
    expect(changed.map(([key]) => key).sort()).toEqual(['heads.bias', 'heads.weight', 'prompt.weight']);
    expect(gap(await tuned.activations(inputs, 2), await base.activations(inputs, 2))).toBeGreaterThan(1e-3);
    await saveTuned(tuned, base, join(folder, name));
    const loaded = await loadTuned(base, join(folder, name));
    expect((await loaded.logits(inputs)).data).toEqual((await tuned.logits(inputs)).data);
  });

  it('gives what the network gives the tokens themselves, where the vectors are their states', async () => {
    const { network, weights } = await openFixture(name);
    const rng = createRng(1, 'ids');
    const text = (length: number) => Array.from({ length }, () => rng.integer(5, network.vocabulary - 1));
    const [before, texts] = [text(3), [text(6), text(2)]];
    const states = (built: { hidden: readonly unknown[]; nextTokenLogits?: () => unknown }) =>
      Object.fromEntries(
        [...built.hidden, built.nextTokenLogits?.()].flatMap((x, i) => (x ? [[`${i}`, x]] : [])),
      ) as never;
    const whole = await runNetwork<string>(
      { network, weights },
      texts.map((ids) => [...before, ...ids]),
      states,
    );
    const prompt = (whole[0] as Float32Array).slice(0, 3 * network.width);
    const behind = withVirtualTokens(network, 3);
    const given = new Map([...weights, ['prompt.weight', { shape: [3, network.width], data: prompt }] as const]);
    const got = await runNetwork<string>({ network: behind, weights: given as never }, texts, states);
    for (const [key, data] of Object.entries(got)) {
      const columns = data.length / 12;
      const rows = (from: Float32Array, tokens: number, skip: number) =>
        Float32Array.from(
          texts.flatMap((ids, i) => [
            ...from.subarray((i * tokens + skip) * columns, (i * tokens + skip + ids.length) * columns),
          ]),
        );
      expect(relativeError(rows(data, 6, 0), rows(whole[key] as Float32Array, 9, 3)), key).toBeLessThan(1e-5);
    }
    const last = await runNetwork<string>({ network: behind, weights: given as never }, texts, states, {
      read: 'last',
    });
    for (const [key, data] of Object.entries(last)) {
      const columns = data.length / 2;
      const everywhere = got[key] as Float32Array;
      const ends = [5, 7].flatMap((row) => [...everywhere.subarray(row * columns, (row + 1) * columns)]);
      expect(relativeError(data, Float32Array.from(ends)), key).toBeLessThan(1e-5);
    }
  });
});

it.each(['own', 'gpt2', 'llama'])('the gradient of the vectors of %s agrees with differences', async (name) => {
  const base = name === 'own' ? createPretrained(options) : await openModel(name);
  const inputs = samplePrograms(4, 6).map((text, i) => ({ id: `${i}`, text: text.slice(0, 30) }));
  const count = base.heads.length;
  const shape = { rows: 4, columns: count };
  const data = {
    inputs,
    targets: { ...shape, data: Float32Array.from({ length: 4 * count }, (_, i) => i % 2) },
    weights: { ...shape, data: new Float32Array(4 * count).fill(1) },
  };
  const tuned = await base.finetune(data, { trainable: 'prompt', virtualTokens: 3, seed: 2, epochs: 1 });
  const encoded = encodeFor(tuned.parts, inputs);
  const at = { batch: 4, tokens: Math.max(...encoded.map(({ length }) => length)) };
  const spec = { model: modelShape(tuned.parts), trainable: ['prompt.weight'], nextTokens: false };
  const graph = new Graph();
  const built = buildTraining(graph, spec, at);
  const session = await createSession(graph, { loss: built.loss, gradient: built.gradients['prompt.weight'] as Value });
  const batch = { rows: [0, 1, 2, 3] };
  const arrays = arraysOf(tuned.parts.weights);
  const prompt = arrays['prompt.weight'] as Float32Array;
  const feeds = { ...textFeeds(encoded, batch, at), ...targetFeeds(data.targets, data.weights, batch, at) };
  const run = (values: Float32Array) => session.run({ ...arrays, ...feeds, 'prompt.weight': values });
  const lossAt = async (values: Float32Array) => (await run(values)).loss[0] as number;
  const { gradient } = await run(prompt);
  const rng = createRng(0, 'direction');
  for (let trial = 0; trial < 3; trial++) {
    const direction = Float32Array.from(prompt, () => rng.normal());
    const step = 0.004;
    const moved = (by: number) => prompt.map((value, i) => value + by * (direction[i] as number));
    const [up, down] = [await lossAt(moved(step)), await lossAt(moved(-step))];
    const slope = gradient.reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
    const norm = Math.hypot(...gradient);
    expect(norm).toBeGreaterThan(1e-4);
    expect(Math.abs((up - down) / (2 * step) - slope) / norm).toBeLessThan(0.03);
  }
});

it.each(['gpt2.legacy', 'gpt2.dynamo', 'bert.legacy', 'distilbert.dynamo'])('%s as ONNX takes them', async (file) => {
  const model = await openOnnx(fixture(`${file}.onnx`));
  const network = createOnnxNetwork(model, { causal: file.startsWith('gpt2') });
  const weights = await readOnnxWeights(model, network.weights.keys());
  const ids = [3, 14, 15, 9, 26, 5, 35];
  const hidden = (built: NetworkOutputs) => ({ last: built.hidden.at(-1) as Value, first: built.hidden[0] as Value });
  const whole = await runNetwork({ network, weights }, [ids], hidden);
  const prompt = {
    shape: [2, network.width],
    data: whole.first.slice(0, 2 * network.width) as Float32Array<ArrayBuffer>,
  };
  const behind = withVirtualTokens(network, 2);
  const given = new Map([...weights, [promptName, prompt] as const]);
  const got = await runNetwork({ network: behind, weights: given }, [ids.slice(2)], hidden);
  for (const name of ['first', 'last'] as const) {
    expect(relativeError(got[name], whole[name].slice(2 * network.width))).toBeLessThan(1e-5);
  }
  if (!network.causal) return;
  const tokenizer = {
    vocabulary: network.vocabulary,
    encode: (text: string) => text.split(' ').map(Number),
    decode: () => '',
  };
  const [training, finetuning] = [trainingConfig.parse({}), finetuningConfig.parse({})];
  const rest = { tokenizer, measurements: 1, seed: 0, training, finetuning, runtime };
  const [plain, prompted] = [
    createStrongModel({ network, weights, ...rest }),
    createStrongModel({ network: behind, weights: given, ...rest }),
  ];
  const all = await plain.logLikelihoods([{ prompt: '3 14 15 9', answer: ' 26 5 35' }]);
  const same = await prompted.logLikelihoods([{ prompt: '15 9', answer: ' 26 5 35' }]);
  expect(same[0]).toBeCloseTo(all[0] as number, 4);
});

it('can be followed by adapters, and learnt from next tokens alone', async () => {
  const base = createPretrained(options);
  const data = targetsOf(4, examples.slice(0, 64));
  const prompted = await base.finetune(data, { trainable: 'prompt', virtualTokens: 2, epochs: 1, seed: 0 });
  const adapted = await prompted.finetune(data, { trainable: 'lora', epochs: 1, seed: 0 });
  expect(adapted.parts.weights.get(promptName)).toBe(prompted.parts.weights.get(promptName));
  expect(gap(await mergeAdapters(adapted).logits(heldOut), await adapted.logits(heldOut))).toBeLessThan(1e-4);
  await saveTuned(adapted, base, join(folder, 'adapted'));
  const loaded = await loadTuned(base, join(folder, 'adapted'));
  expect((await loaded.logits(heldOut)).data).toEqual((await adapted.logits(heldOut)).data);

  const weights = { ...data.weights, data: new Float32Array(data.weights.data.length) };
  const losses: number[] = [];
  const recipe = { trainable: 'prompt', virtualTokens: 4, nextTokenWeight: 1, epochs: 8, learningRate: 0.05 } as const;
  const onStep = ({ loss }: { loss: number }) => losses.push(loss);
  const generative = await base.finetune({ ...data, weights }, { ...recipe, seed: 0, onStep });
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  expect(generative.parts.weights.get('heads.weight')).toBe(base.parts.weights.get('heads.weight'));
});

describe('virtual tokens', () => {
  const data = () => words(12);

  it('are 10 unless said otherwise, as long as they leave room', async () => {
    const model = tinyModel();
    const tuned = await model.finetune(shortened(data()), { trainable: 'prompt', seed: 0 });
    expect(tuned.parts.network).toMatchObject({ virtualTokens: 10, maxTokens: 2 });
    for (const virtualTokens of [0, 1.5, 12]) {
      const got = model.finetune(data(), { trainable: 'prompt', virtualTokens, seed: 0 });
      await expect(got).rejects.toThrow(/virtualTokens to be a whole number from 1 to 11/);
    }
    const other = tuned.finetune(shortened(data()), { trainable: 'prompt', virtualTokens: 3, seed: 0 });
    await expect(other).rejects.toThrow(/virtualTokens to be 10, as the model has, got 3/);
    const long = model.finetune(data(), { trainable: 'prompt', virtualTokens: 9, seed: 0 });
    await expect(long).rejects.toThrow(/at most 3 tokens long, beside 9 virtual ones/);
  });

  it('start at tokens of the texts, by seed', async () => {
    const start = async (seed: number) => {
      const recipe = { trainable: 'prompt', virtualTokens: 2, seed, epochs: 1, learningRate: 1e-12 } as const;
      const tuned = await tinyModel().finetune(shortened(data()), recipe);
      return [...(tuned.parts.weights.get('prompt.weight')?.data ?? [])];
    };
    const [first, again, other] = [await start(0), await start(0), await start(1)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const embedding = tinyModel().parts.weights.get('embed.weight')?.data as Float32Array;
    const letters = new Set(shortened(data()).inputs.flatMap(({ text }) => [...text]));
    const near = [...letters].some((letter) => {
      const row = embedding.subarray((letter.charCodeAt(0) - 97) * 8, (letter.charCodeAt(0) - 96) * 8);
      return row.every((value, i) => Math.abs(value - (first[i] as number)) < 1e-6);
    });
    expect(near).toBe(true);
  });

  it('are refused by a network that lets no states be replaced', () => {
    const { network } = tinyModel().parts;
    const closed = {
      ...network,
      build: (inputs: object, ...rest: never[]) =>
        network.build({ ...inputs, replace: undefined } as never, ...(rest as unknown as [never, never])),
    };
    const behind = withVirtualTokens(closed as typeof network, 2);
    const built = runNetwork({ network: behind, weights: tinyModel().parts.weights }, [[1, 2]], () => ({}));
    return expect(built).rejects.toMatchObject({ code: 'no-virtual-tokens' });
  });

  function shortened<T extends TrainingTargets>(targets: T): T {
    return { ...targets, inputs: targets.inputs.map((input) => ({ ...input, text: input.text.slice(0, 2) })) };
  }
});

function headsOf(model: NetworkModel) {
  return [...model.parts.weights].filter(([name]) => name.startsWith('heads.'));
}
