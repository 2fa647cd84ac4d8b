import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import { createRng } from '../../../src/core/random.ts';
import type { Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { isolationForest } from '../../../src/techniques/isolation-forest.ts';
import { localOutlierFactor } from '../../../src/techniques/local-outlier-factor.ts';
import { fitOutlierFactor } from '../../../src/techniques/shared/outlier-factor.ts';
import { variationalAutoencoder } from '../../../src/techniques/variational-autoencoder.ts';
import { featuresOf, matrix, textOf } from '../fake-model.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';

const width = 6;
const usual = examplesOf(0, 600, 0);
const train = [...usual, ...examplesOf(1, 200, 9, false)];
const test = examplesOf(2, 200, 0);
/** Nine standard deviations off in every feature. */
const odd = examplesOf(3, 200, 9);
const context = contextOf(createSpyModel({ width, layers: 2 }));

describe.each<Technique>([localOutlierFactor, isolationForest, variationalAutoencoder])('$id', (technique) => {
  it('scores everything off the trusted positives below everything among them', async () => {
    const { score } = await fitOn(technique, train, { context });
    const [inside, outside] = [await score(inputsOf(test)), await score(inputsOf(odd))];
    expect(Math.max(...outside)).toBeLessThan(Math.min(...inside));
    expect(Math.max(...inside)).toBeLessThan(0);
  });

  it('learns nothing from untrusted examples, nor from negative ones unless told so', async () => {
    const scores = async (examples: readonly Example[], options = {}) =>
      (await fitOn(technique, examples, { context, options })).score(inputsOf(test.slice(0, 20)));
    const negative = usual.map((example) => ({ ...example, measurements: [true, false, true] }));
    expect(await scores(train)).toEqual(await scores(usual));
    expect(await scores([...usual, ...negative])).toEqual(await scores(usual));
    expect(await scores([...usual, ...negative], { normal: 'trusted' })).not.toEqual(await scores(usual));
  });
});

describe('local-outlier-factor', () => {
  it('is minus the outlier factor among all trusted positives when they are few', async () => {
    const { score } = await fitOn(localOutlierFactor, train, { context, options: { layers: [2], neighbours: 7 } });
    const factor = await fitOutlierFactor(activationsOf(usual), { neighbours: 7 });
    const factors = await factor(activationsOf(test));
    expect([...(await score(inputsOf(test)))]).toEqual([...factors].map((value) => -value));
  });

  it('compares with as many references as asked, drawn by seed', async () => {
    const scores = async (seed: number, references: number) => {
      const { score } = await fitOn(localOutlierFactor, train, {
        context: { ...context, seed },
        options: { references },
      });
      return score(inputsOf(test));
    };
    expect(await scores(0, 100)).not.toEqual(await scores(1, 100));
    expect(await scores(0, 600)).toEqual(await scores(1, 600));
  });
});

describe('variational-autoencoder', () => {
  it('tells the mean error and use of the code at each layer', async () => {
    const { score, details } = await fitOn(variationalAutoencoder, train, { context });
    const [error, kl] = [details?.error, details?.kl] as [number[], number[]];
    expect(error).toHaveLength(2);
    const scores = await score(inputsOf(usual));
    const mean = scores.reduce((sum, value) => sum + value, 0) / scores.length;
    const layers = error.map((value, layer) => value + 0.001 * (kl[layer] as number));
    expect(mean).toBeCloseTo(-((layers[0] as number) + (layers[1] as number)) / 2, 9);
    expect(Math.min(...kl)).toBeGreaterThan(0.5);
  });
});

function activationsOf(examples: readonly Example[]) {
  return matrix(examples.map(({ text }) => featuresOf(text)));
}

/** Examples whose activation at every layer is their features: standard normal, all moved by `off`. */
function examplesOf(seed: number, n: number, off: number, trusted = true): readonly Example[] {
  const rng = createRng(seed, 'off-centre');
  return Array.from({ length: n }, (_, index) => {
    const features = Array.from({ length: width }, () => rng.normal() + off);
    const measurements = [true, true, true];
    return { id: `${seed}-${index}`, text: textOf(features), measurements, trusted, groundTruth: off === 0 };
  });
}
