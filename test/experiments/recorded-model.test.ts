import { expect, it } from 'vitest';
import { withRecordedReadouts } from '../../src/experiments/recorded-model.ts';
import { createFakeModel, matrix, textOf } from '../techniques/fake-model.ts';

it('a recorded model answers what is recorded itself, and asks the real one, opened once, for the rest', async () => {
  const real = createFakeModel(3, 2, 2, 0);
  const inputs = [
    [1, 2, 3],
    [0.5, -1, 0],
  ].map((features, i) => ({ id: `${i}`, text: textOf(features) }));
  const layers = await Promise.all([0, 1, 2].map((layer) => real.activations(inputs, layer)));
  let opened = 0;
  const texts = inputs.map(({ text }) => text);
  const model = withRecordedReadouts(
    { heads: real.heads, attentionHeads: real.attentionHeads, texts, logits: await real.logits(inputs), layers },
    async () => {
      opened++;
      return real;
    },
  );
  expect(await model.activations([...inputs].reverse(), 1)).toEqual(await real.activations([...inputs].reverse(), 1));
  expect(await model.logits(inputs)).toEqual(await real.logits(inputs));
  expect(opened).toBe(0);
  const intervention = {
    layer: 1,
    states: matrix([
      [0.1, 0.2, 0.3],
      [-0.3, 0, 0.9],
    ]),
  };
  const coefficients = matrix(inputs.map(() => [1, 0, -1, 2]));
  expect(await model.tokenStates(inputs, 1)).toEqual(await real.tokenStates(inputs, 1));
  expect(await model.intervene(inputs, intervention)).toEqual(await real.intervene(inputs, intervention));
  expect(await model.interventionGradient(inputs, intervention, coefficients)).toEqual(
    await real.interventionGradient(inputs, intervention, coefficients),
  );
  expect(opened).toBe(1);
});

it('the fake model’s interventions continue its own maths, and their gradient is that of finite differences', async () => {
  const model = createFakeModel(3, 2, 2, 0);
  const inputs = [{ id: 'a', text: '1 2 3' }];
  const coefficients = matrix([[1, -2, 0.5, 3]]);
  for (const layer of [0, 1, 2]) {
    const states = await model.activations(inputs, layer);
    const logits = (await model.logits(inputs)).data;
    (await model.intervene(inputs, { layer, states })).data.forEach((logit, head) => {
      expect(logit).toBeCloseTo(logits[head] as number, 5);
    });
    const { data } = await model.interventionGradient(inputs, { layer, states }, coefficients);
    const along = async (j: number, by: number) => {
      const moved = { ...states, data: states.data.map((value, i) => (i === j ? value + by : value)) };
      const changed = (await model.intervene(inputs, { layer, states: moved })).data;
      return changed.reduce((sum, logit, head) => sum + logit * (coefficients.data[head] as number), 0);
    };
    for (const [j, slope] of data.entries()) {
      expect(slope).toBeCloseTo(((await along(j, 0.01)) - (await along(j, -0.01))) / 0.02, 2);
    }
    const { lengths, states: tokens } = await model.tokenStates(inputs, layer);
    expect(tokens.data.slice(-3)).toEqual(states.data);
    expect(tokens.rows).toBe(lengths[0]);
  }
});
