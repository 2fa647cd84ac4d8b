import { describe, expect, it } from 'vitest';
import type { Example, Input } from '../../../src/core/examples.ts';
import type { Matrix, StrongModel } from '../../../src/core/models.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import type { FittedTechnique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { auroc } from '../../../src/stats/auroc.ts';
import { contrastActivations } from '../../../src/techniques/contrast-activations.ts';
import { linearArtificialTomography } from '../../../src/techniques/linear-artificial-tomography.ts';
import { massMeanShift } from '../../../src/techniques/mass-mean-shift.ts';
import { createFakeModel, featuresOf, matrix, textOf } from '../fake-model.ts';
import { swapped } from '../latent/pair-world.ts';
import { contextOf, fitOn } from '../support.ts';

const shape = { layers: 3, heads: 8, depth: 4 };
const perLayer = shape.heads * shape.depth;
/** Layer and head of those in which better candidates lie in a direction; the others hold noise. */
const planted = [
  [1, 5],
  [2, 0],
  [2, 3],
  [3, 7],
] as const;
const direction = [1, -1, 0.5, 2];

/** What every head of every layer gives is written in the text. */
function headModel(seen: string[] = []): StrongModel {
  const slice = async (inputs: readonly Input[], layer: number): Promise<Matrix> => {
    seen.push(...inputs.map(({ text }) => text));
    return matrix(
      inputs.map(({ text }) => featuresOf(text).slice((layer - 1) * perLayer, layer * perLayer)),
      perLayer,
    );
  };
  const base = createFakeModel(2, 1, 1, 0);
  return { ...base, layers: shape.layers, attentionHeads: shape.heads, headOutputs: slice, activations: slice };
}

/** Trusted pairs, or judged ones of another distribution: prompts far away, which a difference does not see. */
function headExamples(seed: number, n: number, { trusted = true, size = 1 } = {}): readonly Example[] {
  const rng = createRng(seed, 'head-world');
  return Array.from({ length: n }, (_, i) => {
    const groundTruth = rng.chance(0.5);
    const offset = trusted ? rng.normal() : 5 + 3 * rng.normal();
    const side = (better: boolean) => textOf(outputsOf(better ? size : -size, offset, rng));
    const pairs = [{ prompt: '', negative: side(!groundTruth), positive: side(groundTruth) }];
    return { id: `${seed}-${i}`, text: '', pairs, measurements: [trusted ? groundTruth : null], trusted, groundTruth };
  });
}

function outputsOf(along: number, offset: number, rng: Rng): readonly number[] {
  const noise = Array.from({ length: shape.layers * perLayer }, () => offset + rng.normal());
  for (const [layer, head] of planted) {
    const start = (layer - 1) * perLayer + head * shape.depth;
    direction.forEach((d, j) => {
      (noise[start + j] as number) += along * d;
    });
  }
  return noise;
}

const train = headExamples(0, 400);
const judged = headExamples(1, 500, { trusted: false });

async function aurocOn(fitted: FittedTechnique, examples: readonly Example[]): Promise<number> {
  const truth = examples.map(({ groundTruth }) => groundTruth);
  return (auroc(await fitted.score(inputsOf(examples)), truth) as { value: number }).value;
}

describe('mass-mean-shift', () => {
  const learn = (options = {}, examples = train) =>
    fitOn(massMeanShift, examples, { options, context: contextOf(headModel()) });

  it('finds the heads in which better candidates lie in a direction, and carries it to another distribution', async () => {
    const four = await learn({ units: 4 });
    const { layers, heads, accuracies } = four.details as Record<string, number[]>;
    const found = layers?.map((layer, i) => [layer, heads?.[i]]).toSorted();
    expect(found).toEqual(planted.map((place) => [...place]));
    expect(accuracies?.every((accuracy) => accuracy > 0.8)).toBe(true);
    expect(await aurocOn(four, judged)).toBeGreaterThan(0.99);
    expect(await aurocOn(await learn(), judged)).toBeGreaterThan(0.95);
  });

  it('takes all heads where there are fewer', async () => {
    const { heads } = (await learn({ units: 100 })).details as { heads: number[] };
    expect(heads).toHaveLength(shape.layers * shape.heads);
  });

  it('gives probabilities that hold on its own distribution', async () => {
    const weak = { trusted: true, size: 0.1 };
    const fitted = await learn({ units: 4 }, headExamples(2, 1000, weak));
    const test = headExamples(3, 2000, weak);
    const chances = (await fitted.score(inputsOf(test))).map((z) => 1 / (1 + Math.exp(-Math.abs(z))));
    const scores = await fitted.score(inputsOf(test));
    const right = test.filter(({ groundTruth }, i) => (scores[i] as number) > 0 === groundTruth).length / test.length;
    expect(right).toBeGreaterThan(0.65);
    expect(right).toBeLessThan(0.95);
    expect(Math.abs(chances.reduce((sum, p) => sum + p, 0) / test.length - right)).toBeLessThan(0.04);
  });

  it('calibrates as published when asked: with an offset, in the same order', async () => {
    const [both, alternating] = [await learn(), await learn({ calibration: 'alternating' })];
    expect(both.details?.offset).toBe(0);
    expect(alternating.details?.offset).not.toBe(0);
    const inputs = inputsOf(judged);
    const [a, b] = [await both.score(inputs), await alternating.score(inputs)];
    const order = (scores: Float64Array) =>
      [...scores.keys()].toSorted((i, j) => (scores[i] as number) - (scores[j] as number));
    expect(order(b)).toEqual(order(a));
  });

  it('says nothing of candidates that are alike', async () => {
    const [{ pairs = [] }] = judged as [Example];
    const same = { id: 'same', text: '', pairs: pairs.map((pair) => ({ ...pair, negative: pair.positive })) };
    expect([...(await (await learn()).score([same]))]).toEqual([0]);
  });

  it('asks for at least five trusted pairs', async () => {
    await expect(learn({}, [...train.slice(0, 4), ...judged])).rejects.toThrow(
      /trusted examples with a measurement that mass-mean-shift learns from to be at least 5, got 4/,
    );
    expect((await learn({}, [...train.slice(0, 5), ...judged])).details?.examples).toBe(5);
  });

  it('names an example without a pair', async () => {
    const lacking = judged.map(({ pairs: _, ...example }, i) => (i === 3 ? example : (judged[i] as Example)));
    await expect(learn({}, [...train, ...lacking])).rejects.toThrow(/example "1-3" to score by mass-mean-shift/);
    await expect((await learn()).score(lacking)).rejects.toThrow(/example "1-3" to score by mass-mean-shift/);
  });
});

describe('linear-artificial-tomography', () => {
  it('reads whole layers, of which the second holds most', async () => {
    const fitted = await fitOn(linearArtificialTomography, train, { context: contextOf(headModel()) });
    expect((fitted.details as { layers: number[] }).layers).toHaveLength(3);
    expect((fitted.details as { layers: number[] }).layers[0]).toBe(2);
    expect(fitted.details).not.toHaveProperty('heads');
    expect(await aurocOn(fitted, judged)).toBeGreaterThan(0.95);
  });

  it('puts the question round each text when instructed', async () => {
    const seen: string[] = [];
    const on = { options: { template: 'instructed' }, context: contextOf(headModel(seen)) };
    const fitted = await fitOn(linearArtificialTomography, train, on);
    expect(await aurocOn(fitted, judged)).toBeGreaterThan(0.95);
    expect(
      seen.every((text) => /^Consider the extent .*\n\n[\d\s.e-]+\n\nThe probability that .* instruction$/.test(text)),
    ).toBe(true);
  });
});

describe('contrast-activations', () => {
  const learn = (options: object, model: StrongModel) =>
    fitOn(contrastActivations, train, { options: { units: 4, ...options }, context: contextOf(model) });

  it('compares "Yes" with "No" after the question, whose difference holds the direction', async () => {
    const seen: string[] = [];
    const fitted = await learn({}, headModel(seen));
    const heads = fitted.details as { layers: number[]; heads: number[] };
    expect(heads.layers.map((layer, i) => [layer, heads.heads[i]]).toSorted()).toEqual(planted.map((p) => [...p]));
    expect(await aurocOn(fitted, judged)).toBeGreaterThan(0.99);
    expect(seen.filter((text) => text.endsWith('follow the instruction?\nYes'))).toHaveLength(seen.length / 2);
    expect(seen.filter((text) => text.endsWith('follow the instruction?\nNo'))).toHaveLength(seen.length / 2);
  });

  it('weighs "No" by alpha', async () => {
    // Here "No" turns a state round: h − alpha · (−h) keeps its direction, whatever alpha.
    const inputs = inputsOf(judged);
    const scores = await (await learn({ alpha: 0 }, headModel())).score(inputs);
    const same = await (await learn({ alpha: 3 }, headModel())).score(inputs);
    scores.forEach((score, i) => {
      expect(same[i]).toBeCloseTo(score, 3);
    });
    const deaf = headModel();
    const plain = {
      ...deaf,
      headOutputs: (inputs: readonly Input[], layer: number) => deaf.headOutputs(unanswered(inputs), layer),
    };
    expect([...(await (await learn({}, plain)).score(inputs))].every((score) => score === 0)).toBe(true);
  });
});

it.each([massMeanShift, linearArtificialTomography, contrastActivations])(
  '$id: exchanging the candidates turns the sign',
  async (technique) => {
    const inputs = inputsOf(judged);
    const fitted = await fitOn<never>(technique as never, train, { context: contextOf(headModel()) });
    const exchanged = await fitted.score(inputs.map(swapped));
    expect(exchanged).toEqual((await fitted.score(inputs)).map((score) => -score));
  },
);

function unanswered(inputs: readonly Input[]): readonly Input[] {
  return inputs.map(({ id, text }) => ({ id, text: text.replace(/(Yes|No)$/, '') }));
}
