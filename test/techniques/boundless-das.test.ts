import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { isDefined } from '../../src/core/estimates.ts';
import type { Example } from '../../src/core/examples.ts';
import { createRng } from '../../src/core/random.ts';
import type { FittedTechnique } from '../../src/core/techniques.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { boundlessDas } from '../../src/techniques/boundless-das.ts';
import { boundariesOf, masksOf } from '../../src/techniques/shared/das-masks.ts';
import { dasOptions } from '../../src/techniques/shared/das-options.ts';
import { rotate } from '../../src/techniques/shared/das-rotation.ts';
import { type TrainedSubspaces, trainSubspaces } from '../../src/techniques/shared/das-training.ts';
import { headLogits } from '../../src/techniques/shared/head-logits.ts';
import { createOrWorld, type OrWorld } from './or-model.ts';
import { contextOf, fitOn, judged } from './support.ts';

const train = ({ examples }: OrWorld) => examples.slice(0, 1200);
const test = ({ examples }: OrWorld) => judged(examples.slice(1200));

function fitIn(
  world: OrWorld,
  m: number,
  options: Readonly<Record<string, unknown>> = {},
  examples = train(world),
): Promise<FittedTechnique> {
  const measurementNames = Array.from({ length: m }, (_, j) => `m${j + 1}`);
  return fitOn(boundlessDas, examples, { context: contextOf(world.model), measurementNames, options });
}

function aurocOf(scores: Float64Array, examples: readonly Example[]): number {
  const estimate = auroc(
    scores,
    examples.map(({ groundTruth }) => groundTruth),
  );
  if (!isDefined(estimate)) throw new Error(estimate.undefined);
  return estimate.value;
}

describe.each([2, 3, 4, 5])('in a world of %i measurements that is an OR inside', (m) => {
  const world = createOrWorld(m, 4, m, 2400);
  const inputs = inputsOf(test(world));
  let learned: TrainedSubspaces;
  let masks: Float64Array;

  beforeAll(async () => {
    learned = await trainSubspaces(1, train(world), dasOptions.parse({}), contextOf(world.model), createRng(0, 'das'));
    masks = masksOf(learned.shares, 0.1, learned.dimensions);
  });

  it('tells real positives from fake ones where the aggregate cannot', async () => {
    const before = aurocOf(await headLogits(world.model, 'aggregate', inputs), test(world));
    expect(Math.abs(before - 0.5)).toBeLessThan(0.08);
    const fitted = await fitIn(world, m);
    expect(aurocOf(await fitted.score(inputs), test(world))).toBeGreaterThan(0.95);
  });

  it('finds the outcome and each tampering, each in its own subspace', () => {
    const { rotation, dimensions } = learned;
    world.directions.forEach((direction, k) => {
      const turned = rotate(direction, rotation, dimensions);
      const overlap = turned.reduce((sum, value, i) => sum + value ** 2 * (masks[k * dimensions + i] as number), 0);
      expect(overlap).toBeGreaterThan(0.85);
    });
  });

  it('keeps the rotation orthogonal and the subspaces within its coordinates', () => {
    const { rotation, dimensions, shares } = learned;
    for (let i = 0; i < dimensions; i++) {
      const row = rotation.slice(i * dimensions, (i + 1) * dimensions);
      // R r_i is the i-th unit vector.
      rotate(row, rotation, dimensions).forEach((value, j) => {
        expect(Math.abs(value - Number(i === j))).toBeLessThan(1e-10);
      });
    }
    expect(boundariesOf(shares, dimensions).at(-1)).toBeCloseTo(dimensions, 9);
    expect(learned.lastLoss).toBeLessThan(learned.firstLoss);
  });
});

describe('boundless DAS', () => {
  const world = createOrWorld(3, 2, 0, 2400);
  const inputs = inputsOf(test(world));
  const scoreWith = async (options: Readonly<Record<string, unknown>>) =>
    aurocOf(await (await fitIn(world, 3, options)).score(inputs), test(world));

  it('learns more from the set of possible measurements than from a draw of it', async () => {
    const overlapOf = async (target: 'set' | 'draw') => {
      const options = dasOptions.parse({ target });
      const { rotation, dimensions, shares } = await trainSubspaces(
        1,
        train(world),
        options,
        contextOf(world.model),
        createRng(0),
      );
      const masks = masksOf(shares, 0.1, dimensions);
      const turned = rotate(world.directions[0] as Float64Array, rotation, dimensions);
      return turned.reduce((sum, value, i) => sum + value ** 2 * (masks[i] as number), 0);
    };
    expect(await overlapOf('set')).toBeGreaterThan((await overlapOf('draw')) + 0.1);
  });

  it('takes its options', async () => {
    expect(await scoreWith({ layer: 'before-last', inject: 'trusted-negative', injected: 2 })).toBeGreaterThan(0.95);
    expect(await scoreWith({ layer: 0, target: 'draw', steps: 100 })).toBeGreaterThan(0.5);
  });

  it('can inject one tampering at a time', async () => {
    expect(await scoreWith({ swap: 'one-at-a-time' })).toBeGreaterThan(0.95);
  });

  it('says what it did', async () => {
    const trustedInconsistent = { ...(train(world)[0] as Example), trusted: true, measurements: [true, false, true] };
    const examples = [...train(world), trustedInconsistent];
    const { details } = await fitIn(world, 3, { steps: 10, examples: 200 }, examples);
    expect(details).toMatchObject({ layer: 2, examples: 200, unexplained: 1 });
  });

  it('gives other scores with another seed, the same with the same', async () => {
    const fitSeed = async (seed: number) => {
      const context = contextOf(world.model, world.model, seed);
      const names = ['a', 'b', 'c'];
      return (
        await fitOn(boundlessDas, train(world), { context, measurementNames: names, options: { steps: 10 } })
      ).score(inputs);
    };
    expect(await fitSeed(1)).toEqual(await fitSeed(1));
    expect(await fitSeed(1)).not.toEqual(await fitSeed(2));
  });

  it('copes with masked measurements', async () => {
    const rng = createRng(0, 'masks');
    const masked = train(world).map((example) => ({
      ...example,
      measurements: example.measurements.map((value) => (rng.chance(0.2) ? null : value)),
    }));
    expect(aurocOf(await (await fitIn(world, 3, {}, masked)).score(inputs), test(world))).toBeGreaterThan(0.9);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    controller.abort();
    const context = { ...contextOf(world.model), signal: controller.signal };
    const options = { context, measurementNames: ['a', 'b', 'c'] };
    await expect(fitOn(boundlessDas, train(world), options)).rejects.toThrow(/abort/i);
  });

  it('refuses what leaves nothing to learn from or to inject', async () => {
    const odd = train(world).map((example) =>
      example.trusted ? { ...example, measurements: [true, false, true] } : example,
    );
    await expect(fitIn(world, 3, {}, odd)).rejects.toThrow(
      /trusted examples whose measurements agree .* at least 1, got 0/,
    );
    const positive = train(world).filter(({ trusted, groundTruth }) => !trusted || groundTruth);
    const refused = fitIn(world, 3, { inject: 'trusted-negative' }, positive);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(/trusted examples with negative measurements .* at least 1, got 0/);
    await expect(fitIn(world, 3, { layer: 3 })).rejects.toThrow(
      /option "layer" of boundless-das to be at most 2, got 3/,
    );
  });
});
