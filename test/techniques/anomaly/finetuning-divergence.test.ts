import { describe, expect, it } from 'vitest';
import type { Example, Input } from '../../../src/core/examples.ts';
import type { FinetuneOptions, TrainingTargets } from '../../../src/core/models.ts';
import { finetuningDivergence } from '../../../src/techniques/finetuning-divergence.ts';
import { cell, createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';

const names = ['first', 'second'];
const logit = (p: number) => Math.log(p / (1 - p));

describe('finetuning-divergence', () => {
  it('trains the predictor on trusted examples alone, by its own loss', async () => {
    const { call } = await fitBetween(
      () => [0, 0, 0, 0],
      () => [0, 0, 0, 0],
    );
    expect(call.data.inputs.map(({ id }) => id)).toEqual(['trusted-positive', 'trusted-negative', 'trusted-masked']);
    const answers = (row: number) =>
      (['aggregate', 'ground-truth', 'measurement-1', 'measurement-2'] as const).map((head) => {
        const { target, weight } = cell(call, row, head);
        return [target, Number(weight.toFixed(6))];
      });
    expect(answers(0)).toEqual([
      [1, 0.3],
      [0, 0],
      [1, 0.7],
      [1, 0.7],
    ]);
    expect(answers(1)).toEqual([
      [0, 0.3],
      [0, 0],
      [1, 0.7],
      [0, 0.7],
    ]);
    expect(answers(2)).toEqual([
      [1, 0.3],
      [0, 0],
      [0, 0],
      [1, 0.7],
    ]);
    expect(call.options).toMatchObject({ seed: 3, epochs: 1, learningRate: 1e-3 });
  });

  it('is minus the sum of the heads’ Bernoulli divergences, original first, ground truth left out', async () => {
    const before = [0.9, 0.5, 0.2, 0.5];
    const after = [0.6, 0.9, 0.4, 0.5];
    const { score } = await fitBetween(
      () => before.map(logit),
      () => after.map(logit),
    );
    const wanted = divergence(0.9, 0.6) + divergence(0.2, 0.4) + divergence(0.5, 0.5);
    expect((await score([input('x')]))[0]).toBeCloseTo(-wanted, 6);
  });

  it('is 0 where nothing changed, and finite at any logit', async () => {
    const { score } = await fitBetween(
      ([x = 0]) => [x, 0, x, -x],
      ([x = 0]) => (Math.abs(x) > 100 ? [-x, 0, -x, x] : [x, 0, x, -x]),
    );
    const scores = await score(['0', '37', '-80', '900'].map(input));
    expect([...scores.slice(0, 3)]).toEqual([0, 0, 0]);
    // From certain to as certain of the opposite costs 900 nats in each of the three heads.
    expect(scores[3]).toBeCloseTo(-3 * 900, 6);
  });
});

function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

function input(text: string): Input {
  return { id: text, text };
}

/** Fits with a predictor whose finetuning turns one function of the features into another. */
async function fitBetween(
  before: (features: readonly number[]) => readonly number[],
  after: (features: readonly number[]) => readonly number[],
) {
  const calls: { data: TrainingTargets; options: FinetuneOptions }[] = [];
  const finetuned = createSpyModel({ width: 1, measurements: 2, logits: after });
  const predictor = {
    ...createSpyModel({ width: 1, measurements: 2, logits: before }),
    finetune: async (data: TrainingTargets, options: FinetuneOptions) => {
      calls.push({ data, options });
      return finetuned;
    },
  };
  const context = contextOf(predictor, predictor, 3);
  const { score } = await fitOn(finetuningDivergence, examples(), { context, measurementNames: names });
  expect(calls).toHaveLength(1);
  return { score, call: calls[0] as (typeof calls)[number] };
}

function examples(): readonly Example[] {
  const made = (id: string, trusted: boolean, measurements: readonly (boolean | null)[]) => {
    return { id, text: '0', trusted, measurements, groundTruth: false };
  };
  return [
    made('trusted-positive', true, [true, true]),
    made('untrusted', false, [true, true]),
    made('trusted-negative', true, [true, false]),
    made('trusted-masked', true, [null, true]),
  ];
}
