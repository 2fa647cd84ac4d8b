import { expect, it } from 'vitest';
import { inputsOf } from '../../src/core/training-view.ts';
import { measurementGap } from '../../src/techniques/measurement-gap.ts';
import { plantedExamples } from './planted-world.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

const logit = (p: number) => Math.log(p / (1 - p));

it('is P(aggregate) minus the product of P(measurement), whatever the ground-truth head says', async () => {
  const examples = plantedExamples(0, 3);
  const rows = [
    { aggregate: 0.85, measurements: [0.85, 0.85, 0.85], gap: 0.85 - 0.85 ** 3 },
    { aggregate: 0.6, measurements: [0.5, 0.8, 0.9], gap: 0.6 - 0.36 },
    { aggregate: 0.1, measurements: [0.99, 0.99, 0.99], gap: 0.1 - 0.99 ** 3 },
  ];
  let row = 0;
  const predictor = createSpyModel({
    width: 8,
    logits: () => {
      const { aggregate, measurements } = rows[row++] as (typeof rows)[number];
      return [logit(aggregate), 37, ...measurements.map(logit)];
    },
  });
  const fitted = await fitOn(measurementGap, examples, { context: contextOf(predictor) });
  const scores = await fitted.score(inputsOf(examples));
  rows.forEach(({ gap }, index) => {
    expect(scores[index]).toBeCloseTo(gap, 6);
  });
});
