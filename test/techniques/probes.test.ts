import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import type { StrongModel } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { evidenceProbe } from '../../src/techniques/evidence-probe.ts';
import { groundTruthProbe } from '../../src/techniques/ground-truth-probe.ts';
import { trustedProbe } from '../../src/techniques/trusted-probe.ts';
import { textOf } from './fake-model.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

// Activations are three planted orthogonal directions: outcome, tampering, and a nuisance. Within each kind of example
// they are balanced, so that the best direction follows by symmetry; a kind that must be left out would break it.
const signs = [-1, 1];
const repeats = 20;
let made = 0;
const predictor = createSpyModel({ width: 3 });
const fixed = { layer: 1, l2: [0.05] };

const trusted = everySign((outcome, nuisance) => ({
  text: textOf([outcome, 0, nuisance]),
  trusted: true,
  measurements: Array(3).fill(outcome > 0),
  groundTruth: outcome > 0,
}));
const inconsistent = everySign((outcome, nuisance) => ({
  text: textOf([outcome, 2, nuisance]),
  trusted: false,
  measurements: [true, outcome > 0, false],
  groundTruth: false,
}));
const doubtful = everySign((outcome, nuisance) => ({
  text: textOf([outcome, 1 - outcome, nuisance + 3]),
  trusted: false,
  measurements: [true, true, true],
  groundTruth: outcome > 0,
}));
const allNegative = everySign((outcome) => ({
  text: textOf([outcome, -2 * outcome, -5]),
  trusted: false,
  measurements: [false, false, false],
  groundTruth: false,
}));
const examples = [...trusted, ...inconsistent, ...doubtful, ...allNegative];

describe('trusted-probe', () => {
  it('follows the outcome and knows nothing of tampering', async () => {
    const [outcome, tampering, nuisance] = await directionOf(trustedProbe);
    expect(outcome).toBeGreaterThan(0.1);
    expect(tampering).toBeCloseTo(0, 5);
    expect(nuisance).toBeCloseTo(0, 5);
  });

  it('is logistic regression with mean loss and λ‖w‖²: σ(−w) = 2λw on a balanced ±1 feature', async () => {
    const [w = 0] = await directionOf(trustedProbe);
    expect(1 / (1 + Math.exp(w))).toBeCloseTo(2 * 0.05 * w, 2);
  });

  it('does not depend on the units of the activations', async () => {
    const scored = async (units: readonly number[]) => {
      const model = createSpyModel({
        width: 3,
        activation: (features) => units.map((u, j) => u * (features[j] as number)),
      });
      return (await fitOn(trustedProbe, examples, { context: contextOf(model), options: fixed })).score(
        inputsOf(examples),
      );
    };
    const inOtherUnits = await scored([100, 1, 0.01]);
    (await scored([1, 1, 1])).forEach((score, index) => {
      expect(inOtherUnits[index]).toBeCloseTo(score, 4);
    });
  });

  it('leaves out trusted examples whose measurements are all masked', async () => {
    const masked = trusted.map((example) => ({ ...example, measurements: [null, null, null], text: '9 9 9' }));
    expect(await directionOf(trustedProbe, [...examples, ...masked])).toEqual(await directionOf(trustedProbe));
  });
});

describe('evidence-probe', () => {
  it('points away from tampering, across outcome and nuisance', async () => {
    const [outcome, tampering, nuisance] = await directionOf(evidenceProbe);
    expect(tampering).toBeLessThan(-0.1);
    expect(outcome).toBeCloseTo(0, 5);
    expect(nuisance).toBeCloseTo(0, 5);
  });

  it('counts trusted inconsistent examples as trusted', async () => {
    const odd = trusted.map((example) => ({ ...example, measurements: [true, false, null] }));
    const even = trusted.map((example) => ({ ...example, measurements: [false, false, false] }));
    const direction = await directionOf(evidenceProbe, [...odd, ...inconsistent]);
    expect(direction).toEqual(await directionOf(evidenceProbe, [...even, ...inconsistent]));
  });

  it('refuses examples that are never inconsistent', async () => {
    await expect(directionOf(evidenceProbe, [...trusted, ...doubtful])).rejects.toThrow(
      /number of untrusted examples with inconsistent measurements that evidence-probe learns from to be at least 2, got 0/,
    );
  });
});

describe('ground-truth-probe', () => {
  it('learns from the doubtful positives alone, where outcome and tampering exclude each other', async () => {
    const [outcome = 0, tampering, nuisance] = await directionOf(groundTruthProbe);
    expect(outcome).toBeGreaterThan(0.1);
    expect(tampering).toBeCloseTo(-outcome, 6);
    expect(nuisance).toBeCloseTo(0, 5);
  });

  it('refuses doubtful positives that are all real', async () => {
    const real = examples.map((example) => ({ ...example, groundTruth: true }));
    await expect(directionOf(groundTruthProbe, real)).rejects.toThrow(/number of fake positives .* got 0/);
  });
});

describe('the choice of layer and strength', () => {
  it('finds the layer where the target is planted', async () => {
    for (const planted of [1, 2, 3, 4]) {
      const model = createSpyModel({ width: 3, layers: 4, activation: plantedAt({ [planted]: 1 }) });
      expect(await detailsOf(evidenceProbe, model)).toMatchObject({ layer: planted });
      const probed = createSpyModel({ width: 3, layers: 4, activation: plantedAt({ [planted]: 0 }) });
      expect(await detailsOf(trustedProbe, probed)).toMatchObject({ layer: planted });
    }
  });

  it('takes a weak trace of its own target over a perfect one of ground truth', async () => {
    const activation = plantedAt({ 2: 0, 3: 1 }, { 3: 1.5 });
    const model = createSpyModel({ width: 3, layers: 4, activation });
    const details = await detailsOf(evidenceProbe, model);
    expect(details).toMatchObject({ layer: 3 });
    expect(details?.crossValidatedAuroc).toBeGreaterThan(0.7);
    expect(details?.crossValidatedAuroc).toBeLessThan(0.99);
    expect(await detailsOf(groundTruthProbe, model)).toMatchObject({ layer: 2 });
  });

  it('prefers a strong penalty where examples are few and dimensions many', async () => {
    const activation = (features: readonly number[]) => [
      ...Array.from({ length: 39 }, (_, j) => noise(features, j)),
      (features[0] as number) + 2 * noise(features, 39),
    ];
    const model = createSpyModel({ width: 40, layers: 1, activation });
    const details = await detailsOf(trustedProbe, model, { l2: [1e-6, 10] });
    expect(details).toMatchObject({ l2: 10 });
  });

  it('takes later layers and stronger penalties on a tie', async () => {
    const model = createSpyModel({ width: 3, layers: 3 });
    const wanted = { layer: 3, l2: 1, crossValidatedAuroc: 1 };
    expect(await detailsOf(trustedProbe, model, { l2: [0.01, 1, 0.1] })).toMatchObject(wanted);
  });

  it('looks at no more examples than it may, and at one layer when told which', async () => {
    const asked: (readonly [layer: number, n: number])[] = [];
    const model: StrongModel = {
      ...createSpyModel({ width: 3, layers: 2 }),
      activations: (inputs, layer) => {
        asked.push([layer, inputs.length]);
        return predictor.activations(inputs, layer);
      },
    };
    await fitOn(trustedProbe, examples, { context: contextOf(model), options: { choiceExamples: 40 } });
    expect(asked).toEqual([
      [2, 40],
      [1, 40],
      [2, trusted.length],
    ]);
    asked.length = 0;
    await fitOn(trustedProbe, examples, { context: contextOf(model), options: { layer: 0, l2: [0.1] } });
    expect(asked).toEqual([[0, trusted.length]]);
  });

  it('refuses a layer that the model lacks', async () => {
    const refusal = fitOn(trustedProbe, examples, { context: contextOf(predictor), options: { layer: 2 } });
    await expect(refusal).rejects.toThrow(/option "layer" of trusted-probe to be at most 1, got 2\. Choose/);
  });

  it('stops when asked to', async () => {
    const stopped = { ...contextOf(predictor), signal: AbortSignal.abort(new Error('stopped by hand')) };
    await expect(fitOn(trustedProbe, examples, { context: stopped })).rejects.toThrow('stopped by hand');
  });
});

/** Components of the fitted probe along outcome, tampering and nuisance. */
async function directionOf<Options>(technique: Technique<Options>, on: readonly Example[] = examples) {
  const fitted = await fitOn(technique, on, { context: contextOf(predictor), options: fixed });
  const probes = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((text) => ({ id: 'probe', text: textOf(text) }));
  const [origin = 0, ...along] = await fitted.score(probes);
  return along.map((score) => score - origin);
}

async function detailsOf<Options>(technique: Technique<Options>, model: StrongModel, options = {}) {
  return (await fitOn(technique, examples, { context: contextOf(model), options })).details;
}

/** Noise at every layer, except that `at[layer]` names the feature that stands there, blurred by `blur[layer]`. */
function plantedAt(at: Readonly<Record<number, number>>, blur: Readonly<Record<number, number>> = {}) {
  return (features: readonly number[], layer: number) => {
    const planted = at[layer];
    const random = [0, 1, 2].map((j) => noise(features, 10 * layer + j));
    if (planted === undefined) return random;
    return [(features[planted] as number) + (blur[layer] ?? 0.1) * (random[0] as number), ...random.slice(1)];
  };
}

/** Standard normal noise that is a function of the example alone: its fourth feature is unique. */
function noise(features: readonly number[], index: number): number {
  return createRng(0, features[3] as number, index).normal();
}

/** Examples for each sign of outcome and nuisance; a fourth feature, which three-wide models leave out, is unique. */
function everySign(make: (outcome: number, nuisance: number) => Omit<Example, 'id'>): readonly Example[] {
  return Array.from({ length: repeats }, () =>
    signs.flatMap((outcome) => signs.map((nuisance) => make(outcome, nuisance))),
  )
    .flat()
    .map((example) => {
      made++;
      return { ...example, id: `example-${made}`, text: `${example.text} ${made}` };
    });
}
