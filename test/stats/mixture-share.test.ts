import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { irreducibleMixtureShare } from '../../src/stats/irreducible-mixture-share.ts';
import { knownMixtureShare } from '../../src/stats/known-mixture-share.ts';
import { defined } from './defined.ts';

/** Scores of `known` ~ N(0, 1), `other` ~ N(−distance, 1) and a mixture of both. */
function draw(seed: number, { share = 0.3, distance = 2, known = 300, mixture = 600, other = 300 } = {}) {
  const rng = createRng(seed, 'mixture-share');
  const normals = (n: number, mean: () => number) => Float64Array.from({ length: n }, () => mean() + rng.normal());
  return {
    known: normals(known, () => 0),
    other: normals(other, () => -distance),
    mixture: normals(mixture, () => (rng.chance(share) ? -distance : 0)),
  };
}

const byMoments = ({ known, other, mixture }: ReturnType<typeof draw>) =>
  knownMixtureShare({ mixture, first: known, second: other });

describe('the share of a known component', () => {
  it('is the ratio of mean differences', () => {
    const mixture = Float64Array.from([0, 0, 0, 1, 1, 1, 2, 2]);
    const first = Float64Array.from([0, 1, 0, 1, 0, 1]);
    const second = Float64Array.from([2, 3, 2, 3, 2, 3]);
    expect(defined(knownMixtureShare({ mixture, first, second }).estimate).value).toBeCloseTo((7 / 8 - 0.5) / 2, 12);
  });

  it('is covered at its level, also where the components hardly differ', () => {
    for (const options of [{}, { share: 0 }, { distance: 0.3, share: 0.5 }, { known: 30, mixture: 100, other: 40 }]) {
      let covered = 0;
      for (let seed = 0; seed < 200; seed++) {
        const { estimate } = byMoments(draw(seed, options));
        const { share = 0.3 } = options as { share?: number };
        // The shares tried are 1/400 apart.
        covered += Number(
          isDefined(estimate) && estimate.lower <= share + 1 / 400 && share - 1 / 400 <= estimate.upper,
        );
      }
      expect(covered).toBeGreaterThanOrEqual(184);
    }
  });

  it('is anything where the components are the same', () => {
    const { lower, upper } = defined(byMoments(draw(1, { distance: 0 })).estimate);
    expect([lower, upper]).toEqual([0, 1]);
  });

  it('is undefined where no share fits, and with too few scores', () => {
    const { known, other, mixture } = draw(2);
    const outside = knownMixtureShare({ mixture: mixture.map((x) => x + 9), first: known, second: other });
    expect(isDefined(outside.estimate)).toBe(false);
    const few = knownMixtureShare({ mixture: mixture.slice(0, 4), first: known, second: other });
    expect(isDefined(few.estimate)).toBe(false);
  });

  it('comes with a fit that is uniform for a mixture and near 0 for none', () => {
    const fits = Array.from({ length: 200 }, (_, seed) => byMoments(draw(seed)).fit as number);
    const below = (p: number) => fits.filter((fit) => fit < p).length / fits.length;
    expect(below(0.05)).toBeLessThan(0.1);
    expect(below(0.5)).toBeGreaterThan(0.35);
    const { known, other, mixture } = draw(3);
    // The mean fits a mixture, but the scores are all in the middle.
    const middle = knownMixtureShare({ mixture: mixture.map((x) => -1 + x / 10), first: known, second: other });
    expect(middle.fit).toBeLessThan(1e-3);
  });

  it('does not fall over constant scores', () => {
    const constant = new Float64Array(50).fill(1);
    const { estimate } = knownMixtureShare({ mixture: constant, first: constant, second: constant });
    expect(defined(estimate)).toMatchObject({ lower: 0, upper: 1 });
  });
});

describe('the share of an unknown component', () => {
  it('has a lower end that is right whatever the component', () => {
    for (const distance of [0, 0.5, 1, 2, 4]) {
      let above = 0;
      for (let seed = 0; seed < 100; seed++) {
        const { known, mixture } = draw(seed, { distance });
        above += Number(defined(irreducibleMixtureShare({ known, mixture })).lower > 0.3);
      }
      expect(above).toBeLessThanOrEqual(5);
    }
  });

  it('is covered where a cut is free of it, and close with many scores', () => {
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { known, mixture } = draw(seed, { distance: 4 });
      const { lower, upper } = defined(irreducibleMixtureShare({ known, mixture }));
      covered += Number(lower <= 0.3 && 0.3 <= upper);
    }
    expect(covered).toBeGreaterThanOrEqual(93);
    const { known, mixture } = draw(0, { distance: 4, known: 20_000, mixture: 20_000 });
    const estimate = defined(irreducibleMixtureShare({ known, mixture }));
    expect(Math.abs(estimate.value - 0.3)).toBeLessThan(0.03);
  });

  it('has an upper end by a stand-in: narrower where that keeps away, all where it does not', () => {
    const { known, mixture, other } = draw(5, { distance: 3, known: 1000, mixture: 1000, other: 1000 });
    const alone = defined(irreducibleMixtureShare({ known, mixture }));
    const helped = defined(irreducibleMixtureShare({ known, mixture, standIn: other }));
    expect(helped.upper).toBeLessThan(alone.upper);
    expect(helped.upper).toBeGreaterThan(0.3);
    expect(helped.lower).toBe(alone.lower);
    expect(defined(irreducibleMixtureShare({ known, mixture, standIn: known })).upper).toBe(1);
  });

  it('is undefined with few scores and where the mixture has more everywhere', () => {
    const { known, mixture } = draw(6);
    expect(isDefined(irreducibleMixtureShare({ known: known.slice(0, 19), mixture }))).toBe(false);
    expect(isDefined(irreducibleMixtureShare({ known, mixture: mixture.map((x) => x + 9) }))).toBe(false);
  });

  it('is near 0 for constant scores', () => {
    const constant = new Float64Array(40).fill(1);
    const estimate = defined(irreducibleMixtureShare({ known: constant, mixture: constant }));
    expect([estimate.value, estimate.lower]).toEqual([0, 0]);
  });
});
