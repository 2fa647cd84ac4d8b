import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { isDefined } from '../../../src/core/estimates.ts';
import type { Example } from '../../../src/core/examples.ts';
import type { StrongModel } from '../../../src/core/models.ts';
import type { FittedTechnique, Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { auroc } from '../../../src/stats/auroc.ts';
import { ccs } from '../../../src/techniques/ccs.ts';
import { contrastPrincipalComponent } from '../../../src/techniques/contrast-principal-component.ts';
import { vinc } from '../../../src/techniques/vinc.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';
import { cosine, directionOf, pairExamples, pairWidth, swapped, truthDirection } from './pair-world.ts';

const model = createSpyModel({ width: pairWidth, layers: 3 });
const train = pairExamples({ seed: 0, n: 600 });
const test = pairExamples({ seed: 1, n: 800 });

type Options = Readonly<Record<string, unknown>>;
const short = { epochs: 400, learningRate: 0.01, restarts: 2 };
const cases: readonly (readonly [string, Technique, Options])[] = [
  ['ccs, published', ccs, { restarts: 2 }],
  ['ccs, later', ccs, { variant: 'later', restarts: 5 }],
  ['contrast-principal-component', contrastPrincipalComponent, {}],
  ['vinc', vinc, {}],
];
const further: readonly (readonly [string, Technique, Options])[] = [
  ['ccs on scaled dimensions', ccs, { ...short, normalisation: 'mean-and-scale' }],
  ['ccs on scaled sides', ccs, { ...short, normalisation: 'burns', init: 'spherical' }],
  ['ccs from principal components', ccs, { variant: 'later', normalisation: 'mean', init: 'pca' }],
  ['ccs with prompt variance', ccs, { variant: 'later', promptVariance: 1 }],
  ['contrast-principal-component by LEACE', contrastPrincipalComponent, { normalisation: 'leace', wordings: 'all' }],
  ['vinc, prompts erased', vinc, { erasePrompts: true }],
  ['vinc without centroids, with variance', vinc, { centroids: false, variance: 0.2, negativeCovariance: 0.8 }],
];

describe.each([...cases, ...further])('%s', (_, technique, options) => {
  it('finds the planted direction, and its true end by weak labels', async () => {
    const fitted = await fitPairs(technique, train, options);
    expect(cosine(await directionOf(fitted, 2), truthDirection)).toBeGreaterThan(0.95);
    expect(await aurocOn(fitted, test)).toBeGreaterThan(0.98);
  });
});

describe.each(cases)('%s', (_, technique, options) => {
  it('finds nothing in noise', async () => {
    const fitted = await fitPairs(technique, pairExamples({ seed: 2, n: 400, truth: 0 }), options);
    expect(Math.abs((await aurocOn(fitted, pairExamples({ seed: 3, n: 1500, truth: 0 }))) - 0.5)).toBeLessThan(0.05);
  });

  it('does not care which side is called positive, but for the sign', async () => {
    const scores = await scoresOf(await fitPairs(technique, train, options), test);
    const other = await fitPairs(technique, train.map(swapped), options);
    expect(largestGap(await scoresOf(other, test.map(swapped)), scores)).toBeLessThan(1e-3);
  });

  it('follows inverted weak labels, but trusted examples where they give the sign', async () => {
    const inverted = train.map((example) =>
      example.trusted ? example : { ...example, measurements: example.measurements.map((value) => !value) },
    );
    expect(await aurocOn(await fitPairs(technique, inverted, options), test)).toBeLessThan(0.02);
    const fitted = await fitPairs(technique, inverted, { ...options, sign: 'trusted' });
    expect(await aurocOn(fitted, test)).toBeGreaterThan(0.98);
    expect(fitted.details).toMatchObject({ sign: 'trusted', signExamples: train.filter((e) => e.trusted).length });
  });

  it('takes no notice of labels when they do not give the sign', async () => {
    const relabelled = train.map((example, index) => ({ ...example, measurements: [index % 3 === 0] }));
    const scores = await scoresOf(await fitPairs(technique, train, { ...options, sign: 'none' }), test);
    const other = await fitPairs(technique, relabelled, { ...options, sign: 'none' });
    expect(await scoresOf(other, test)).toEqual(scores);
    expect(other.details).not.toHaveProperty('flipped');
  });
});

describe('the labels that give the sign', () => {
  it('scale the score, unless told not to', async () => {
    const scaled = await fitPairs(contrastPrincipalComponent, train, {});
    const bare = await fitPairs(contrastPrincipalComponent, train, { platt: false });
    const ratio = Array.from(await scoresOf(scaled, test.slice(0, 2)));
    const [a = 0, b = 0] = await scoresOf(bare, test.slice(0, 2));
    const slope = Math.abs(Number(scaled.details?.plattSlope));
    expect((ratio[0] as number) - (ratio[1] as number)).toBeCloseTo(slope * (a - b), 4);
    expect(bare.details).not.toHaveProperty('plattSlope');
    expect(scaled.details).toMatchObject({ sign: 'weak-labels', model: 'pretrained', layer: 3, wordings: 1 });
  });

  it('must be of both classes', async () => {
    const alike = train.map((example) => ({ ...example, measurements: [true] }));
    await expect(fitPairs(ccs, alike, short)).rejects.toMatchObject({ code: 'too-few-examples' });
    await expect(fitPairs(ccs, alike, { ...short, sign: 'none' })).resolves.toBeDefined();
  });

  it('must be there when they are those of trusted examples', async () => {
    const untrusted = train.filter(({ trusted }) => !trusted);
    await expect(fitPairs(vinc, untrusted, { sign: 'trusted' })).rejects.toThrow(
      /needs the structure "trusted-subset"/,
    );
  });
});

describe('pairs that do not fit', () => {
  const rest = train.slice(1);
  const [one] = train as [Example];

  it('are named with what to do when one example has none', async () => {
    const { pairs: _, ...bare } = one;
    const refusal = fitPairs(ccs, [...rest, bare], short);
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(/example "pair-0-0".* 1 contrast pair.* got 0\. Give the example/);
    const fitted = await fitPairs(contrastPrincipalComponent, train, {});
    await expect(fitted.score([{ id: 'bare', text: '' }])).rejects.toThrow(/example "bare"/);
  });

  it('are named when one example has fewer wordings', async () => {
    const short = { ...one, pairs: one.pairs?.slice(0, 1) ?? [] };
    await expect(fitPairs(ccs, [...rest, short], { variant: 'later' })).rejects.toThrow(
      /"pair-0-0".* 2 contrast pairs/,
    );
    await expect(fitPairs(vinc, train, { wordings: 3 })).rejects.toMatchObject({ code: 'contrast-pairs' });
  });

  it('are refused when the sides’ activations differ in width', async () => {
    const lopsided: StrongModel = {
      ...model,
      activations: async (inputs, layer) => {
        const { rows, columns, data } = await model.activations(inputs, layer);
        const isPositive = inputs.some(({ text }) => text === one.pairs?.[0]?.positive);
        return isPositive ? { rows, columns: columns - 1, data: data.slice(rows) } : { rows, columns, data };
      },
    };
    const refusal = fitOn(ccs, train, { options: {}, context: contextOf(lopsided) });
    await expect(refusal).rejects.toThrow(/positive sides .* 600 × 24 as the model says, got "600 × 23"\. Take both/);
  });
});

describe('where the states come from', () => {
  const predictor = createSpyModel({ width: pairWidth, layers: 3, activation: (features) => features.map(() => 0) });
  const asked: number[] = [];
  const watched: StrongModel = {
    ...model,
    activations: (inputs, layer) => {
      asked.push(layer);
      return model.activations(inputs, layer);
    },
  };

  it('is the pretrained model’s last layer unless asked for another', async () => {
    const fitted = await fitOn(vinc, train, { context: contextOf(predictor, watched) });
    expect(new Set(asked)).toEqual(new Set([3]));
    expect(await aurocOn(fitted, test)).toBeGreaterThan(0.98);
    await fitOn(vinc, train, { options: { layer: 'middle' }, context: contextOf(predictor, watched) });
    expect(asked.at(-1)).toBe(2);
  });

  it('is the measurement predictor where asked for', async () => {
    const options = { model: 'predictor', mostExamples: 100 };
    const fitted = await fitOn(vinc, train, { options, context: contextOf(watched, predictor) });
    expect(await aurocOn(fitted, test)).toBeGreaterThan(0.98);
    expect(fitted.details).toMatchObject({ model: 'predictor', examples: 100 });
  });
});

function fitPairs<T>(technique: Technique<T>, examples: readonly Example[], options: Options) {
  return fitOn(technique, examples, { options, context: contextOf(model), measurementNames: ['weak'] });
}

function scoresOf(fitted: FittedTechnique, examples: readonly Example[]): Promise<Float64Array> {
  return fitted.score(inputsOf(examples));
}

async function aurocOn(fitted: FittedTechnique, examples: readonly Example[]): Promise<number> {
  const outcomes = examples.map(({ groundTruth }) => groundTruth);
  const estimate = auroc(await scoresOf(fitted, examples), outcomes);
  if (!isDefined(estimate)) throw new Error(estimate.undefined);
  return estimate.value;
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
}
