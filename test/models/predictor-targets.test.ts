import { expect, it } from 'vitest';
import type { SupervisedExample } from '../../src/core/examples.ts';
import type { TrainingTargets } from '../../src/core/models.ts';
import { trainingConfig } from '../../src/models/config.ts';
import type { NetworkModel } from '../../src/models/network-model.ts';
import { trainOnMeasurements } from '../../src/models/strong-model.ts';

/** Targets per example, aggregate and ground-truth head first. */
async function targetsOf(examples: readonly Omit<SupervisedExample, 'id' | 'text' | 'trusted'>[]): Promise<number[][]> {
  let asked: TrainingTargets | undefined;
  const model = {
    heads: ['aggregate', 'ground-truth', 'measurement-1', 'measurement-2'],
    parts: { training: trainingConfig.parse({}) },
    finetune: async (data: TrainingTargets) => {
      asked = data;
    },
  } as unknown as NetworkModel;
  const whole = examples.map((example, i) => ({ id: `${i}`, text: `${i}`, trusted: false, ...example }));
  await trainOnMeasurements(model, whole, { seed: 0 });
  const data = Array.from(asked?.targets.data ?? [], (target) => Number(target.toFixed(3)));
  return examples.map((_, row) => data.slice(4 * row, 4 * row + 4));
}

it('aims at the probabilities of the supervisors that made the measurements', async () => {
  const one = { measurements: [true, false], weakLabels: [0.9, 0.2] };
  const two = { measurements: [false, false], weakLabels: [0.1, 0.4] };
  expect(await targetsOf([one, two])).toEqual([
    [0.55, 0, 0.9, 0.2],
    [0.25, 0, 0.1, 0.4],
  ]);
});

it('aims at measurements where weak labels are others than these', async () => {
  const one = { measurements: [true, false], weakLabels: [0.3] };
  const two = { measurements: [null, true], weakLabels: [0.8] };
  expect(await targetsOf([one, two])).toEqual([
    [0.3, 0, 1, 0],
    [0.8, 0, 0, 1],
  ]);
  const three = { measurements: [true, false], weakLabels: [0.3, 0.9] };
  expect(await targetsOf([three])).toEqual([[0.6, 0, 1, 0]]);
});
