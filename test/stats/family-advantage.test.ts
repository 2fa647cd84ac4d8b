import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { familyAdvantage, type SeedFamilies } from '../../src/stats/family-advantage.ts';

function seedOf(seed: number, sizes: readonly [number, number], n = 40): SeedFamilies {
  const rng = createRng(seed, 'family');
  const positives = Array.from({ length: n }, (_, i) => i % 2 === 0);
  const halves = Uint8Array.from({ length: n }, (_, i) => (i >> 1) % 2);
  // Whole numbers, so that ties occur.
  const family = (size: number) =>
    Array.from({ length: size }, () => positives.map((real) => rng.integer(0, 9) + (real ? 2 : 0)));
  return { positives, halves, first: family(sizes[0]), second: family(sizes[1]) };
}

/** The same value by the definition, without any of the shortcuts. */
function slowly(perSeed: readonly SeedFamilies[]): number {
  const onHalf = (which: 'first' | 'second', member: number, half: number) => {
    const values = perSeed.map((seed) => {
      const rows = [...seed.halves.keys()].filter((row) => seed.halves[row] === half);
      const scores = rows.map((row) => seed[which][member]?.[row] as number);
      const estimate = auroc(
        scores,
        rows.map((row) => seed.positives[row] as boolean),
      );
      return isDefined(estimate) ? estimate.value : Number.NaN;
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const best = (which: 'first' | 'second', half: number) => {
    const aurocs = (perSeed[0]?.[which] ?? []).map((_, member) => onHalf(which, member, half));
    return aurocs.indexOf(Math.max(...aurocs));
  };
  const judged = (half: number) =>
    onHalf('first', best('first', half), 1 - half) - onHalf('second', best('second', half), 1 - half);
  return (judged(0) + judged(1)) / 2;
}

it('has the value of its definition', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 999 }), (own, seeds, seed) => {
      const perSeed = Array.from({ length: seeds }, (_, i) => seedOf(seed + i, own));
      const { estimate } = familyAdvantage(perSeed, { resamples: 20 });
      expect(isDefined(estimate) && estimate.value).toBeCloseTo(slowly(perSeed), 12);
    }),
    { numRuns: 40 },
  );
});

it('turns its sign when the families change places, and is the same each time', () => {
  const perSeed = [seedOf(1, [3, 2]), seedOf(2, [3, 2])];
  const turned = perSeed.map(({ first, second, ...rest }) => ({ ...rest, first: second, second: first }));
  const [own, other] = [familyAdvantage(perSeed), familyAdvantage(turned)];
  if (!isDefined(own.estimate) || !isDefined(other.estimate)) throw new Error('undefined');
  expect(other.estimate.value).toBeCloseTo(-own.estimate.value, 12);
  expect(other.estimate.lower).toBeCloseTo(-own.estimate.upper, 1);
  expect(familyAdvantage(perSeed)).toEqual(own);
  expect(own.choices.map(([first, second]) => [second, first])).toEqual(other.choices);
});

it('is undefined where a half lacks a class in a seed, and refuses scores of another length', () => {
  const good = seedOf(1, [1, 1]);
  const halves = Uint8Array.from(good.halves, (_, i) => Number(good.positives[i]));
  expect(familyAdvantage([good, { ...good, halves }])).toEqual({
    estimate: { undefined: 'a half of the judged examples has one class only' },
    pValue: undefined,
    choices: [],
  });
  expect(() => familyAdvantage([{ ...good, first: [[1, 2]] }])).toThrow('scores');
});
