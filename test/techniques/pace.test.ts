import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import { createTrainingView, inputsOf } from '../../src/core/training-view.ts';
import { pace } from '../../src/techniques/pace.ts';
import { withoutAggregateDirection } from '../../src/techniques/shared/aggregate-direction.ts';
import { textOf } from './fake-model.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

// Three planted features: outcome, tampering, and a constant 5. Fake positives have the outcome's and tampering's signs
// swapped, and there is one for each real positive, so that mean(positive) − mean(negative) is (1, 1, 0).
const real = { text: textOf([1, -1, 5]), measurements: [true, true, true], groundTruth: true };
const fake = { text: textOf([-1, 1, 5]), measurements: [true, true, true], groundTruth: false };
const negative = { text: textOf([-1, -1, 5]), measurements: [true, false, false], groundTruth: false };
const kinds = [
  { ...real, trusted: true },
  { ...negative, trusted: true },
  { ...real, trusted: false },
  { ...fake, trusted: false },
  { ...fake, trusted: false },
  { ...negative, trusted: false },
];
const examples: readonly Example[] = Array.from({ length: 12 }, (_, i) =>
  kinds.map((kind, k) => ({ ...kind, id: `example-${i}-${k}` })),
).flat();
const masked = { id: 'masked', text: textOf([50, 90, 5]), measurements: [null, null, null], trusted: false };
const predictor = createSpyModel({ width: 3 });
const context = contextOf(predictor);
const at = (...features: number[]) => ({ id: 'probe', text: textOf(features) });

describe('pace', () => {
  it('cannot tell what lies along mean(positive) − mean(negative), and follows what is left of the outcome', async () => {
    const { score } = await fitOn(pace, examples, { context, options: { l2: [0.01] } });
    const [origin = 0, along, sideways = 0] = await score([at(0, 0, 5), at(3, 3, 5), at(1, -1, 5)]);
    expect(along).toBeCloseTo(origin, 4);
    expect(sideways).toBeGreaterThan(origin + 1);
    const [realScore = 0, fakeScore = 0] = await score([at(1, -1, 5), at(-1, 1, 5)]);
    expect(realScore).toBeGreaterThan(fakeScore + 2);
  });

  it('reads the last layer unless told otherwise', async () => {
    const deep = createSpyModel({ width: 3, layers: 4, activation: (f, layer) => f.slice(0, 3).map((x) => x * layer) });
    const details = async (options: Record<string, unknown>) =>
      (await fitOn(pace, examples, { context: contextOf(deep), options })).details;
    expect(await details({})).toMatchObject({ layer: 4, examples: 24 });
    expect(await details({ layer: 2 })).toMatchObject({ layer: 2 });
  });

  it('is as blind with an attention probe', async () => {
    const { score } = await fitOn(pace, examples, { context, options: { form: 'attention', l2: [0.01] } });
    const [origin = 0, along, sideways = 0] = await score([at(0, 0, 5), at(3, 3, 5), at(1, -1, 5)]);
    expect(along).toBeCloseTo(origin, 4);
    expect(sideways).toBeGreaterThan(origin);
  });

  it('refuses examples with the same aggregate everywhere', async () => {
    const positives = examples.filter(({ measurements }) => measurements.every(Boolean));
    await expect(fitOn(pace, positives, { context })).rejects.toThrow(
      /number of examples with a negative measurement that pace learns from to be at least 1, got 0/,
    );
  });
});

describe('the projection', () => {
  const view = createTrainingView([...examples, { ...masked, groundTruth: false }], ['a', 'b', 'c'], {
    groundTruth: false,
  });

  it('is h − u·uᵀ(h − mean) with the training mean, whatever is masked', async () => {
    const amnesic = withoutAggregateDirection('pace', predictor, view, context);
    // Mean of outcome plus tampering: (0 · 4 − 2 · 2) / 6.
    const total = -4 / 6;
    const inputs = [at(1, -1, 5), at(7, 2, 0), at(0, 0, 1)];
    const { data } = await amnesic.activations(inputs, 1);
    const wanted = [
      [1, -1, 5],
      [2.5, -2.5, 0],
      [0, 0, 1],
    ].flatMap(([a = 0, b = 0, c = 0]) => [a + total / 2, b + total / 2, c]);
    data.forEach((value, k) => {
      expect(value).toBeCloseTo(wanted[k] as number, 5);
    });
    expect((await amnesic.tokenStates(inputs, 1)).states.data).toEqual(data);
  });

  it('is learned at the first use of a layer and then locked, and leaves the rest of the model alone', async () => {
    let rows = 0;
    const counting = createSpyModel({
      width: 3,
      activation: (features) => {
        rows++;
        return features.slice(0, 3);
      },
      logits: () => [1, 2, 3, 4, 5],
    });
    const amnesic = withoutAggregateDirection('pace', counting, view, context);
    expect(rows).toBe(0);
    await Promise.all([amnesic.activations([at(0, 0, 0)], 1), amnesic.activations([at(1, 0, 0)], 1)]);
    expect(rows).toBe(examples.length + 2);
    const inputs = inputsOf(examples);
    expect(await amnesic.logits(inputs)).toEqual(await counting.logits(inputs));
    expect([amnesic.heads, amnesic.layers, amnesic.width]).toEqual([counting.heads, 1, 3]);
  });

  it('removes nothing where the class means are the same', async () => {
    const level = createSpyModel({
      width: 3,
      activation: ([outcome = 0, tampering = 0]) => [outcome * tampering, 1, 2],
    });
    const paired = examples.map((example) => ({ ...example, text: textOf([1, 1, 0]) }));
    const same = createTrainingView(paired, ['a', 'b', 'c'], { groundTruth: false });
    const { data } = await withoutAggregateDirection('pace', level, same, context).activations([at(3, 2, 0)], 1);
    expect([...data]).toEqual([6, 1, 2]);
  });
});
