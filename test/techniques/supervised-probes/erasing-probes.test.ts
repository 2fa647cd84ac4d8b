import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../../src/core/estimates.ts';
import type { Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { auroc } from '../../../src/stats/auroc.ts';
import { inlpProbe } from '../../../src/techniques/inlp-probe.ts';
import { leaceControl } from '../../../src/techniques/leace-control.ts';
import { leaceProbe } from '../../../src/techniques/leace-probe.ts';
import { weakProbe } from '../../../src/techniques/weak-probe.ts';
import { textOf } from '../fake-model.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';
import { labelledExamples, worldWidth } from './world.ts';

const measurementNames = ['only'];

describe('leace-control', () => {
  const train = labelledExamples({ n: 1500 });
  const test = labelledExamples({ seed: 1, n: 800 });
  const model = createSpyModel({ width: worldWidth, measurements: 1 });
  const truth = test.map(({ groundTruth }) => groundTruth);
  const found = async <Options>(technique: Technique<Options>, options = {}) => {
    const fitted = await fitOn(technique, train, { context: contextOf(model), options, measurementNames });
    const { value } = auroc(await fitted.score(inputsOf(test)), truth) as DefinedEstimate;
    return { value, details: fitted.details };
  };

  it.each(['leace', 'oracle-leace'] as const)('is at chance exactly after %s', async (eraser) => {
    expect((await found(weakProbe)).value).toBeGreaterThan(0.95);
    expect(await found(leaceControl, { eraser })).toMatchObject({ value: 0.5, details: { eraser, directions: 1 } });
    expect((await found(leaceControl, { eraser, labels: 'trusted' })).value).toBe(0.5);
  });

  it('leaves next to nothing after INLP', async () => {
    const { value, details } = await found(leaceControl, { eraser: 'inlp' });
    expect(Math.abs(value - 0.5)).toBeLessThan(0.1);
    expect(details?.directions).toBeGreaterThan(0);
  });

  it('erases labels that hardly differ too', async () => {
    const faint = labelledExamples({ n: 1500, label: (real) => (real ? 0.501 : 0.5) });
    for (const eraser of ['leace', 'oracle-leace'] as const) {
      const fitted = await fitOn(leaceControl, faint, {
        context: contextOf(model),
        options: { eraser },
        measurementNames,
      });
      expect(new Set(await fitted.score(inputsOf(test))).size).toBe(1);
    }
  });

  it('refuses labels that are all alike, and trusted labels where there are none', async () => {
    const learn = (examples: typeof train, options = {}) =>
      fitOn(leaceControl, examples, { context: contextOf(model), options, measurementNames });
    await expect(learn(labelledExamples({ label: () => 0.9 }))).rejects.toThrow(
      /at most 0.5 that leace-control learns/,
    );
    await expect(learn(labelledExamples({ trusted: 0 }), { labels: 'trusted' })).rejects.toThrow(/"trusted-subset"/);
  });
});

// Outcome, tampering, and two of noise. Fake positives have outcome and tampering swapped, as often as real positives, so
// that the aggregate measurement leans on both alike, while trusted examples differ in the outcome alone.
const kinds = [
  { features: [1, -1], positive: true, trusted: true },
  { features: [-1, -1], positive: false, trusted: true },
  { features: [1, -1], positive: true, trusted: false },
  { features: [-1, 1], positive: true, trusted: false },
  { features: [-1, 1], positive: true, trusted: false },
  { features: [-1, -1], positive: false, trusted: false },
];
const examplesOf = (all: typeof kinds) =>
  Array.from({ length: 60 }, (_, i) =>
    all.map(({ features, positive, trusted }, k) => ({
      id: `example-${i}-${k}`,
      text: textOf([...features, ((i * 7 + k) % 11) - 5, ((i * 5 + 3 * k) % 13) - 6]),
      measurements: [positive, true],
      trusted,
      groundTruth: (features[0] as number) > 0,
    })),
  ).flat();
const examples = examplesOf(kinds);

describe.each([leaceProbe, inlpProbe] as never as readonly Technique[])('$id', (technique) => {
  const predictor = createSpyModel({ width: 4, measurements: 2 });
  const context = contextOf(predictor, createSpyModel({ width: 4, measurements: 2, activation: () => [0, 0, 0, 1] }));
  const learn = (options = {}, given = examples) =>
    fitOn(technique, given, { context, options: { l2: [0.01], ...options }, measurementNames: ['a', 'b'] });

  it('finds the outcome of trusted examples in what is left', async () => {
    const { score, details } = await learn();
    const [real = 0, fake = 0] = await score(
      [
        [1, -1, 0, 0],
        [-1, 1, 0, 0],
      ].map((features) => ({ id: 'probe', text: textOf(features) })),
    );
    expect(real).toBeGreaterThan(fake + 1);
    expect(details).toMatchObject({ layer: 1, directions: 1, eraserExamples: 360, examples: 120 });
  });

  it('reads the measurement predictor unless told otherwise', async () => {
    const { score } = await learn({ model: 'pretrained' });
    const scores = await score(inputsOf(examples));
    expect(Math.max(...scores) - Math.min(...scores)).toBeLessThan(1e-6);
  });

  it('refuses a weak label that is the same everywhere', async () => {
    const positives = examples.filter(({ measurements }) => measurements[0]);
    await expect(learn({}, positives)).rejects.toThrow(new RegExp(`at most 0.5 that ${technique.id} learns from`));
  });
});

describe('erasers of weak labels', () => {
  it('LEACE counts tampering for an example where it goes against the aggregate: inverted by construction', async () => {
    const failing = { features: [-1, 1], positive: false, trusted: false };
    const countFor = async (given: typeof kinds) => {
      const fitting = { context: contextOf(createSpyModel({ width: 4, measurements: 2 })), options: { l2: [0.01] } };
      const { score } = await fitOn(leaceProbe, examplesOf(given), { ...fitting, measurementNames: ['a', 'b'] });
      const inputs = [-1, 1].map((tampered) => ({ id: 'probe', text: textOf([0, tampered, 0, 0]) }));
      const [without = 0, tampering = 0] = await score(inputs);
      return tampering - without;
    };
    expect(await countFor(kinds)).toBeLessThan(-0.5);
    expect(await countFor([...kinds, ...Array.from({ length: 6 }, () => failing)])).toBeGreaterThan(0.5);
  });

  it('LEACE cannot be seen through along what it erased, and orth is another direction', async () => {
    const predictor = createSpyModel({ width: 4, measurements: 2 });
    const scoresWith = async (method: string) => {
      const { score } = await fitOn(leaceProbe, examples, {
        context: contextOf(predictor),
        options: { l2: [0.01], method },
        measurementNames: ['a', 'b'],
      });
      const [origin = 0, along = 0] = await score(
        [
          [0, 0, 0, 0],
          [3, 3, 0, 0],
        ].map((features) => ({ id: 'probe', text: textOf(features) })),
      );
      return Math.abs(along - origin);
    };
    expect(await scoresWith('orth')).toBeLessThan(0.2);
    expect(await scoresWith('leace')).not.toBe(await scoresWith('orth'));
  });

  it('INLP stops at the directions it is given and on as many examples', async () => {
    const model = createSpyModel({ width: 4, measurements: 2 });
    const { details } = await fitOn(inlpProbe, examples, {
      context: contextOf(model),
      options: { directions: 2, tolerance: 0, eraserExamples: 100, l2: [0.01] },
      measurementNames: ['a', 'b'],
    });
    expect(details).toMatchObject({ directions: 2, eraserExamples: 100 });
  });
});
