import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../src/core/estimates.ts';
import type { Input } from '../../src/core/examples.ts';
import { createRng } from '../../src/core/random.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { randomProbe } from '../../src/techniques/random-probe.ts';
import { textOf } from './fake-model.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

const width = 16;
const inputs: readonly Input[] = symmetricInputs(1000);
const positives = inputs.map((_, index) => index % 2 === 0);

describe('random-probe', () => {
  it('has its median AUROC at one half although every direction tells the classes apart', async () => {
    const all = await scoresOfAll({ options: {}, seed: 0 });
    const aurocs = all.map((scores) => (auroc(scores, positives) as DefinedEstimate).value);
    expect(all).toHaveLength(100);
    expect(Math.abs(quantile(aurocs, 0.5) - 0.5)).toBeLessThan(0.05);
    expect(quantile(aurocs, 0.95)).toBeGreaterThan(0.7);
    expect(quantile(aurocs, 0.05)).toBeLessThan(0.3);
  });

  it('draws standard normal directions with balanced signs, new ones for another seed', async () => {
    const unit = [{ id: 'unit', text: textOf([1, ...Array(width - 1).fill(0)]) }];
    const components = (await scoresOfAll({ options: { directions: 4000 }, seed: 0, on: unit })).map(
      ([first]) => first as number,
    );
    const mean = components.reduce((sum, value) => sum + value, 0) / 4000;
    const square = components.reduce((sum, value) => sum + value ** 2, 0) / 4000;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(square - 1)).toBeLessThan(0.1);
    expect((await scoresOfAll({ options: {}, seed: 1, on: unit }))[0]).not.toEqual([components[0]]);
  });

  it('scores by its first direction, on the last layer or the one asked for', async () => {
    const predictor = createSpyModel({
      width,
      layers: 3,
      activation: (features, layer) => features.map((f) => f * layer),
    });
    const score = async (options: Record<string, unknown>) => {
      const fitted = await fitOn(randomProbe, [], { context: contextOf(predictor), options });
      expect(await fitted.score(inputs)).toEqual((await fitted.scoreAll?.(inputs))?.[0]);
      return fitted.score(inputs);
    };
    const first = await score({ layer: 1 });
    const last = await score({});
    last.forEach((value, index) => {
      expect(value).toBeCloseTo(3 * (first[index] as number), 3);
    });
    await expect(score({ layer: 4 })).rejects.toThrow(/"layer" of random-probe to be at most 3, got 4\./);
  });
});

interface Asked {
  readonly options: Record<string, unknown>;
  readonly seed: number;
  readonly on?: readonly Input[];
}

async function scoresOfAll({ options, seed, on = inputs }: Asked): Promise<readonly Float64Array[]> {
  const context = contextOf(createSpyModel({ width }), undefined, seed);
  const fitted = await fitOn(randomProbe, [], { context, options });
  return (await fitted.scoreAll?.(on)) ?? [];
}

/** Classes that differ by two deviations along one coordinate and by less along a random direction. */
function symmetricInputs(n: number): readonly Input[] {
  const rng = createRng(0, 'symmetric');
  return Array.from({ length: n }, (_, index) => {
    const noise = Array.from({ length: width }, () => rng.normal());
    noise[0] = (noise[0] as number) + (index % 2 === 0 ? 4 : -4);
    return { id: `input-${index}`, text: textOf(noise) };
  });
}
