import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { adapterTargets } from '../../src/models/adapters.ts';
import { buildTraining } from '../../src/models/compiled.ts';
import { graphCosts } from '../../src/models/graph-costs.ts';
import { headNames } from '../../src/models/heads.ts';
import { mergeAdapters, modelShape } from '../../src/models/network-model.ts';
import { createPretrained } from '../../src/models/strong-model.ts';
import { trainableNames } from '../../src/models/trainables.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { tinyModel, words } from './tiny-network.ts';

const lora = { trainable: 'lora', lora: { rank: 2, alpha: 6, targets: [] }, clipNorm: 100 };
const data = words(64);

describe('adapters', () => {
  it('change nothing before they are trained', async () => {
    const model = tinyModel({ training: lora });
    const untrained = await model.finetune(data, { seed: 1, epochs: 1, learningRate: 1e-30 });
    expect(untrained.parts.adapters?.weights).toEqual(['layers.0.up.weight', 'layers.0.down.weight']);
    expect((await untrained.logits(data.inputs)).data).toEqual((await model.logits(data.inputs)).data);
  });

  it('leave the network alone and share its weights, and learn', async () => {
    const model = tinyModel({ training: lora });
    const losses: number[] = [];
    const onStep = ({ loss }: { loss: number }) => losses.push(loss);
    const tuned = await model.finetune(data, { seed: 1, epochs: 20, learningRate: 2e-2, onStep });
    for (const name of model.parts.network.weights.keys()) {
      expect(tuned.parts.weights.get(name)).toBe(model.parts.weights.get(name));
    }
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] as number));
    const b = tuned.parts.weights.get('layers.0.up.weight.lora-b')?.data as Float32Array;
    expect(b.some((value) => value !== 0)).toBe(true);
    const again = await tuned.finetune(data, { seed: 2, epochs: 1 });
    expect(again.parts.adapters).toEqual(tuned.parts.adapters);
  });

  it.each([
    ['a network with weights either way round', () => tinyModel({ training: lora }), data],
    ['the decoder, whose last block takes products apart', decoderWithLora, plantedData()],
  ])('give what weights with the adapters worked in give: %s', async (_, start, targets) => {
    const tuned = await start().finetune(targets, { seed: 1, epochs: 2, learningRate: 3e-2 });
    const merged = mergeAdapters(tuned);
    expect(merged.parts.adapters).toBeUndefined();
    expect([...merged.parts.weights.keys()]).toEqual([...start().parts.weights.keys()]);
    const [a, b] = [await tuned.logits(targets.inputs), await merged.logits(targets.inputs)];
    const before = await start().logits(targets.inputs);
    expect(apart(a.data, before.data)).toBeGreaterThan(0.01);
    expect(apart(a.data, b.data)).toBeLessThan(1e-4);
  });

  it('go by default on all products of the blocks, or on those that patterns choose', () => {
    const { network } = decoderWithLora().parts;
    expect(adapterTargets(network, [])).toHaveLength(8);
    expect(adapterTargets(network, ['query-key-value'])).toEqual(
      [0, 1].map((l) => `blocks.${l}.query-key-value.weight`),
    );
    expect(adapterTargets(network, ['blocks.1.*'])).toHaveLength(4);
    expect(() => adapterTargets(network, ['q_proj'])).toThrow(/lora.targets.*"q_proj".*Names are blocks.0/);
  });
});

describe('frozen weights', () => {
  const { parts } = decoderWithLora();
  const shape = { batch: 4, tokens: 16 };
  const costsOf = (trainable: readonly string[], adapters?: { rank: number; alpha: number; weights: string[] }) => {
    const graph = new Graph();
    const { adapters: _, ...plain } = modelShape(parts);
    const model = { ...plain, ...(adapters && { adapters }) };
    const { loss, gradients } = buildTraining(graph, { model, trainable, nextTokens: false }, shape);
    return graphCosts(graph, [loss, ...Object.values(gradients)]);
  };
  const heads = Object.values(headNames);

  it('cost no gradients when only heads are trained', () => {
    const [forward, headsOnly] = [costsOf([]), costsOf(heads)];
    // The weight's gradient is one product of the heads' own size, and the bias's a sum over texts.
    const own = 2 * shape.batch * 32 * 4;
    const more = headsOnly.operations - forward.operations;
    expect(more).toBeGreaterThanOrEqual(own);
    expect(more).toBeLessThan(1.1 * own);
    expect(headsOnly.nodes - forward.nodes).toBeLessThan(20);
  });

  it('cost only the way down to the lowest adapter', () => {
    const on = (layer: number) => {
      const adapters = { rank: 2, alpha: 4, weights: [`blocks.${layer}.mlp-output.weight`] };
      const names = adapters.weights.flatMap((name) => [`${name}.lora-a`, `${name}.lora-b`]);
      return costsOf([...heads, ...names], adapters).operations - costsOf([], adapters).operations;
    };
    const full = costsOf([...parts.weights.keys()]).operations - costsOf([]).operations;
    expect(on(1)).toBeLessThan(0.02 * full);
    expect(on(0)).toBeGreaterThan(0.05 * full);
    expect(on(0)).toBeLessThan(0.3 * full);
  });

  it('are all but what the config names', async () => {
    const model = tinyModel({ training: { trainable: 'pattern', weights: ['down'] } });
    const tuned = await model.finetune(data, { seed: 1 });
    const changed = [...tuned.parts.weights.keys()].filter(
      (name) => tuned.parts.weights.get(name) !== model.parts.weights.get(name),
    );
    expect(changed).toEqual(['layers.0.down.weight', ...heads]);
    expect(trainableNames(modelShape(model.parts), { trainable: 'heads', weights: [] })).toEqual(heads);
  });
});

function decoderWithLora() {
  const options = smallOptions();
  const training = { ...options.training, ...lora, trainable: 'lora' as const };
  return createPretrained({ ...options, training });
}

function plantedData() {
  const inputs = plantedExamples(40, 3);
  const shape = { rows: 40, columns: 4 };
  const data = Float32Array.from(inputs.flatMap(({ groundTruth }) => [0, Number(groundTruth), 0, 0]));
  return { inputs, targets: { ...shape, data }, weights: { ...shape, data: new Float32Array(160).fill(1) } };
}

function apart(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
