import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../src/core/estimates.ts';
import { createTrainingView, inputsOf } from '../../src/core/training-view.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { labelPermutation } from '../../src/techniques/label-permutation.ts';
import { evidenceTask } from '../../src/techniques/shared/evidence-task.ts';
import { plantedExamples, plantedMeasurementNames, plantedWidth } from './planted-world.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn, judged } from './support.ts';

const train = plantedExamples(0, 1500);
const test = judged(plantedExamples(1, 3000));
const real = test.map(({ groundTruth }) => groundTruth);
const predictor = createSpyModel({ width: plantedWidth });

describe('label-permutation', () => {
  it('scatters about one half, although the question with the right labels is easy', async () => {
    const { scoreAll } = await fitOn(labelPermutation, train, { context: contextOf(predictor) });
    const all = (await scoreAll?.(inputsOf(test))) ?? [];
    const aurocs = all.map((scores) => (auroc(scores, real) as DefinedEstimate).value);
    expect(aurocs).toHaveLength(20);
    const mean = aurocs.reduce((sum, value) => sum + value, 0) / aurocs.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.2);
    expect(Math.min(...aurocs)).toBeLessThan(0.4);
    expect(Math.max(...aurocs)).toBeGreaterThan(0.6);
  });

  it('learns nothing: on its own training inputs too, each probe knows the true answer by chance alone', async () => {
    const { scoreAll } = await fitOn(labelPermutation, train, {
      context: contextOf(predictor),
      options: { permutations: 40 },
    });
    const view = createTrainingView(train, plantedMeasurementNames, { groundTruth: false });
    const { examples, targets } = evidenceTask('label-permutation', view);
    const all = (await scoreAll?.(examples)) ?? [];
    const above = all.filter((scores) => (auroc(scores, targets) as DefinedEstimate).value > 0.5).length;
    // Of 40 fair coins, fewer than 10 or more than 30 heads come up once in 800 times.
    expect(above).toBeGreaterThanOrEqual(10);
    expect(above).toBeLessThanOrEqual(30);
  });

  it('permutes anew each time, as the seed says, and scores by the first', async () => {
    const scored = async (seed: number) => {
      const { score, scoreAll } = await fitOn(labelPermutation, train, {
        context: contextOf(predictor, predictor, seed),
      });
      const all = (await scoreAll?.(inputsOf(test))) ?? [];
      expect(await score(inputsOf(test))).toEqual(all[0]);
      return all;
    };
    const [first, again, other] = [await scored(0), await scored(0), await scored(1)];
    expect(again).toEqual(first);
    expect(other[0]).not.toEqual(first[0]);
    expect(first[1]).not.toEqual(first[0]);
  });

  it('looks at no more examples than it may', async () => {
    const asked: number[] = [];
    const counting = {
      ...predictor,
      activations: (inputs: Parameters<typeof predictor.activations>[0], layer: number) => {
        asked.push(inputs.length);
        return predictor.activations(inputs, layer);
      },
    };
    const options = { permutations: 3, examples: 200 };
    const { details } = await fitOn(labelPermutation, train, { context: contextOf(counting), options });
    expect(asked).toEqual([200]);
    expect(details).toEqual({ layer: 1, l2: 0.01, permutations: 3, examples: 200 });
  });
});
