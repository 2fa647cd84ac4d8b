import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../../src/core/estimates.ts';
import type { Example } from '../../../src/core/examples.ts';
import type { Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { auroc } from '../../../src/stats/auroc.ts';
import { differenceOfMeans } from '../../../src/techniques/difference-of-means.ts';
import { ldaProbe } from '../../../src/techniques/lda-probe.ts';
import { massMeanProbe } from '../../../src/techniques/mass-mean-probe.ts';
import { pairProbe } from '../../../src/techniques/pair-probe.ts';
import { weakProbe } from '../../../src/techniques/weak-probe.ts';
import { textOf } from '../fake-model.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';
import { labelledExamples, worldWidth } from './world.ts';

const train = labelledExamples();
const test = labelledExamples({ seed: 1, n: 600 });
const pretrained = createSpyModel({ width: worldWidth, measurements: 1 });
const predictor = createSpyModel({ width: worldWidth, measurements: 1, activation: () => [0, 0, 0, 0, 0, 1] });
const context = contextOf(predictor, pretrained);
const measurementNames = ['only'];

const probes: readonly Technique[] = [weakProbe, differenceOfMeans, massMeanProbe, ldaProbe, pairProbe] as never;

async function aurocOf(technique: Technique, examples: readonly Example[], options = {}, where = context) {
  const { score } = await fitOn(technique, examples, { context: where, options, measurementNames });
  const truth = test.map(({ groundTruth }) => groundTruth);
  return (auroc(await score(inputsOf(test)), truth) as DefinedEstimate).value;
}

describe.each(probes)('$id', (technique) => {
  it('finds the outcome in the pretrained model’s activations, and the opposite from inverted labels', async () => {
    expect(await aurocOf(technique, train)).toBeGreaterThan(0.8);
    const inverted = labelledExamples({ label: (real) => (real ? 0.15 : 0.85) });
    expect(await aurocOf(technique, inverted)).toBeLessThan(0.2);
  });

  it('reads the predictor when asked', async () => {
    expect(await aurocOf(technique, train, { model: 'predictor' })).toBe(0.5);
  });

  it('chooses a layer by its own labels, and refuses one that is not there', async () => {
    const deep = createSpyModel({
      width: worldWidth,
      measurements: 1,
      layers: 3,
      activation: (f, layer) => f.slice(0, worldWidth).map((x, j) => (layer === 2 ? x : (j * 7 + 13 * (x + 9)) % 1)),
    });
    const where = contextOf(deep);
    const learn = (layer: unknown) => fitOn(technique, train, { context: where, options: { layer }, measurementNames });
    expect((await learn('chosen')).details).toMatchObject({ layer: 2, crossValidatedAuroc: expect.any(Number) });
    expect((await learn('last')).details).toMatchObject({ layer: 3 });
    await expect(learn(4)).rejects.toThrow(new RegExp(`option "layer" of ${technique.id} to be "?at most 3"?, got 4`));
  });

  it('refuses labels that are all alike', async () => {
    const alike = labelledExamples({ label: () => 0.4 });
    await expect(aurocOf(technique, alike)).rejects.toThrow(
      new RegExp(`weak label above 0.5 that ${technique.id} learns from to be at least 2, got 0`),
    );
  });

  it('does with fewer examples than dimensions and refuses activations of another width', async () => {
    const wide = createSpyModel({
      width: 40,
      measurements: 1,
      activation: (f) => Array.from({ length: 40 }, (_, j) => (f[j % worldWidth] ?? 0) * (1 + j)),
    });
    const { score } = await fitOn(technique, train.slice(0, 12), { context: contextOf(wide), measurementNames });
    expect((await score(inputsOf(test))).every(Number.isFinite)).toBe(true);
    let width = worldWidth;
    const changing = {
      ...pretrained,
      activations: async (...given: Parameters<typeof pretrained.activations>) => {
        const { rows, data } = await pretrained.activations(...given);
        return { rows, columns: width, data: data.filter((_, k) => k % worldWidth < width) };
      },
    };
    const fitted = await fitOn(technique, train, { context: contextOf(changing), measurementNames });
    width = 5;
    await expect(fitted.score(inputsOf(test))).rejects.toThrow(
      /feature columns to be|activations of the negative sides/,
    );
  });
});

describe.each([differenceOfMeans, massMeanProbe, ldaProbe, pairProbe] as never as readonly Technique[])(
  '$id on trusted labels',
  (technique) => {
    it('believes trusted examples alone', async () => {
      const lies = labelledExamples({ label: (real) => (real ? 0.15 : 0.85) });
      expect(await aurocOf(technique, lies, { labels: 'trusted' })).toBeGreaterThan(0.8);
    });

    it('says what it needs where there are none', async () => {
      const none = labelledExamples({ trusted: 0 });
      await expect(aurocOf(technique, none, { labels: 'trusted' })).rejects.toThrow(
        new RegExp(`${technique.id} needs the structure "trusted-subset"`),
      );
    });
  },
);

describe('what sets them apart', () => {
  it('whitening sees through a nuisance that the difference of means takes along', async () => {
    // The outcome's noise stands in the nuisance, so that the best direction has a component against it.
    const [plain, white, lda] = [
      await aurocOf(differenceOfMeans as never, train),
      await aurocOf(massMeanProbe as never, train),
      await aurocOf(ldaProbe as never, train),
    ];
    expect(white).toBeGreaterThan(0.99);
    expect(white).toBeGreaterThan(plain + 0.01);
    expect(white).toBeCloseTo(lda, 6);
    expect(await aurocOf(massMeanProbe as never, train, { whiten: false })).toBe(plain);
  });

  it('difference of means is a projection on a unit vector, 0 at the mean', async () => {
    const { score } = await fitOn(differenceOfMeans, train, { context, measurementNames });
    const at = (...features: number[]) => ({ id: 'probe', text: textOf(features) });
    const [origin = 0, ...units] = await score([
      at(0, 0, 0, 0, 0, 0),
      ...Array.from({ length: 6 }, (_, k) => at(...Array.from({ length: 6 }, (_, j) => Number(j === k)))),
    ]);
    expect(Math.hypot(...units.map((unit) => unit - origin))).toBeCloseTo(1, 9);
    const scores = await score(inputsOf(train));
    expect(scores.reduce((sum, value) => sum + value, 0) / scores.length).toBeCloseTo(0, 6);
  });

  it('soft labels are learned as probabilities', async () => {
    const one = { l2: [1e-4] };
    const soft = await fitOn(weakProbe, train, { context, options: one, measurementNames });
    const hard = await fitOn(weakProbe, train, { context, options: { ...one, soft: false }, measurementNames });
    const spread = async ({ score }: typeof soft) => Math.max(...(await score(inputsOf(test))).map(Math.abs));
    expect(await spread(hard)).toBeGreaterThan(2 * (await spread(soft)));
  });

  it('a pair probe reads both sides, or their difference, and names an example without a pair', async () => {
    const both = await aurocOf(pairProbe as never, train);
    const difference = await aurocOf(pairProbe as never, train, { features: 'difference' });
    expect(difference).toBeCloseTo(both, 1);
    const lacking = train.map(({ pairs, ...example }, i) => (i === 7 ? example : { ...example, pairs: pairs ?? [] }));
    await expect(aurocOf(pairProbe as never, lacking)).rejects.toThrow(/example "example-7" .*contrast pair/);
    const { score } = await fitOn(pairProbe, train, { context, measurementNames });
    await expect(score([{ id: 'bare', text: '1 1' }])).rejects.toThrow(/example "bare" .*contrast pair/);
  });
});
