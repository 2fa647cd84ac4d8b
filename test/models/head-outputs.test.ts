import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import type { ModelParts, NetworkModel } from '../../src/models/network-model.ts';
import { createOnnxNetwork } from '../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../src/models/onnx/read-onnx-weights.ts';
import { createPretrained, createStrongModel } from '../../src/models/strong-model.ts';
import { openFixture, readGolden, relativeError } from './huggingface/support.ts';
import { fixture } from './onnx/support.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { tinyModel } from './tiny-network.ts';

/** Made by test/golden/scripts/huggingface-heads.py: (texts, layers, heads · depth) of each checkpoint. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/huggingface-heads.golden.json', import.meta.url), 'utf8'),
) as {
  checkpoints: Record<string, { heads: number; outputs: number[][][] }>;
};

function modelOf({ network, weights, tokenizer }: Pick<ModelParts, 'network' | 'weights' | 'tokenizer'>, threads = 1) {
  const [training, finetuning] = [trainingConfig.parse({}), finetuningConfig.parse({})];
  const rest = { measurements: 1, readAt: 'last' as const, seed: 0, training, finetuning };
  return createStrongModel({ network, weights, tokenizer, ...rest, runtime: { threads, device: 'cpu' } });
}

describe.each(Object.entries(golden.checkpoints))('heads of %s', (name, { heads, outputs }) => {
  it.each([1, 2])('give what transformers says, at %i threads', async (threads) => {
    const model = modelOf(await openFixture(name), threads);
    const { record } = readGolden(name);
    const inputs = record.texts.slice(0, record.batch).map((text, i) => ({ id: `${i}`, text }));
    expect(model.attentionHeads).toBe(heads);
    for (let layer = 1; layer <= model.layers; layer++) {
      const got = await model.headOutputs(inputs, layer);
      const expected = Float32Array.from(outputs.flatMap((text) => text[layer - 1] as number[]));
      expect(got.columns % heads).toBe(0);
      expect([got.rows, got.data.length]).toEqual([inputs.length, got.rows * got.columns]);
      expect(relativeError(got.data, expected)).toBeLessThan(1e-5);
    }
  });
});

describe('heads of the own decoder', () => {
  const options = smallOptions();
  const inputs = plantedExamples(70, 4);

  it.each([1, 2])('lead through output projection and MLP to the next activations, at %i threads', async (threads) => {
    const model = createPretrained({ ...options, model: { ...options.model, layers: 3 }, threads });
    expect(model.attentionHeads).toBe(2);
    for (const layer of [1, 2, 3]) {
      const heads = await model.headOutputs(inputs, layer);
      const before = await model.activations(inputs, layer - 1);
      const after = await model.activations(inputs, layer);
      for (const text of [0, 33, 69]) {
        const row = (data: Float32Array) => [...data.subarray(text * model.width, (text + 1) * model.width)];
        const got = blockEnd(model, layer, row(before.data), row(heads.data));
        expect(Math.max(...row(after.data).map((value, i) => Math.abs(value - (got[i] as number))))).toBeLessThan(1e-4);
      }
    }
  });

  it('do not depend on what else is asked', async () => {
    const model = createPretrained(options);
    for (const layer of [1, 2]) {
      const all = await model.headOutputs(inputs, layer);
      const alone = await model.headOutputs(inputs.slice(5, 6), layer);
      expect(relativeError(alone.data, all.data.slice(5 * model.width, 6 * model.width))).toBeLessThan(1e-5);
    }
  });

  it('are there from layer 1 on', async () => {
    const model = createPretrained(options);
    for (const layer of [0, 3, 1.5]) {
      await expect(model.headOutputs(inputs, layer)).rejects.toThrow(
        /layer of the heads to be a whole number from 1 to 2/,
      );
    }
  });
});

it('heads of other networks are refused in words', async () => {
  const onnx = await openOnnx(fixture('gpt2.dynamo.onnx'));
  const network = createOnnxNetwork(onnx);
  const tokenizer = { vocabulary: network.vocabulary, encode: () => [1, 2, 3], decode: () => '' };
  const opened = modelOf({ network, tokenizer, weights: await readOnnxWeights(onnx, network.weights.keys()) });
  for (const model of [opened, tinyModel()]) {
    const got = model.headOutputs([{ id: '0', text: 'abc' }], 1);
    await expect(got).rejects.toMatchObject({ code: 'no-head-outputs' });
    await expect(got).rejects.toThrow(/network to be one that shows its attention heads/);
  }
});

/** What the rest of a block makes of its heads' outputs for one token, in double precision. */
function blockEnd({ parts, layers }: NetworkModel, layer: number, before: number[], heads: number[]): number[] {
  const values = (name: string) => [...(parts.weights.get(name)?.data ?? [])];
  const name = `blocks.${layer - 1}`;
  const linear = (x: number[], part: string) => {
    const [weight, bias] = [values(`${name}.${part}.weight`), values(`${name}.${part}.bias`)];
    return bias.map((b, j) => x.reduce((sum, value, i) => sum + value * (weight[i * bias.length + j] as number), b));
  };
  const norm = (x: number[], norms: string) => {
    const [scale, bias] = [values(`${norms}.scale`), values(`${norms}.bias`)];
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    return x.map(
      (value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * (scale[i] as number) + (bias[i] as number),
    );
  };
  const plus = (a: number[], b: number[]) => a.map((value, i) => value + (b[i] as number));
  const middle = plus(before, linear(heads, 'attention-output'));
  const inner = linear(norm(middle, `${name}.mlp-norm`), 'mlp-input').map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2)));
  const end = plus(middle, linear(inner, 'mlp-output'));
  return layer === layers ? norm(end, 'final-norm') : end;
}

/** By its Taylor series, which converges fast enough for the small values here. */
function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 && n < 200; n++) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}
