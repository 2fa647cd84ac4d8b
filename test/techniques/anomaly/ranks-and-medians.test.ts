import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import { medianInPlace } from '../../../src/techniques/shared/median.ts';
import { createRankIndex } from '../../../src/techniques/shared/neighbour-ranks.ts';
import { fitPrincipalOutliers } from '../../../src/techniques/shared/principal-outliers.ts';
import { matrix } from '../fake-model.ts';

describe('medianInPlace', () => {
  it('is the middle of the sorted values, ties or not', () => {
    const rng = createRng(0, 'medians');
    for (let trial = 0; trial < 500; trial++) {
      const spread = rng.choice([0, 2, 1e6]);
      const values = Float64Array.from({ length: rng.integer(1, 40) }, () => rng.integer(-spread, spread));
      const sorted = values.slice().sort();
      const half = sorted.length >> 1;
      const [lower, upper] = [sorted[sorted.length % 2 === 1 ? half : half - 1] as number, sorted[half] as number];
      expect(medianInPlace(values)).toBe((lower + upper) / 2);
    }
  });
});

describe('createRankIndex', () => {
  const at = (...degrees: readonly number[]) =>
    matrix(degrees.map((degree) => [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)]));
  const { signal } = new AbortController();

  it('counts the references strictly nearer at each other layer', async () => {
    const references = [at(0, 10, 30, 60), at(50, 0, 20, 90), at(0, 10, 10, 60)];
    const index = createRankIndex(references, 2, signal);
    // From 1°, 10° and 0° at the layers: the nearest two are references 0 and 1, then 1 and 2, then 0 and 1 (2 ties with 1).
    const found = await index.trajectories([at(1), at(9), at(0)]);
    expect(found.map(({ rows, columns }) => [rows, columns])).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect([...(found[0]?.data ?? [])]).toEqual([2, 0, 0, 1]);
    expect([...(found[1]?.data ?? [])]).toEqual([1, 1, 2, 1]);
    expect([...(found[2]?.data ?? [])]).toEqual([0, 2, 1, 0]);
  });

  it('leaves a reference out of its own neighbours and ranks', async () => {
    const index = createRankIndex([at(0, 10, 30, 60), at(0, 10, 30, 60)], 3, signal);
    const [first] = await index.ownTrajectories();
    expect([...(first?.data ?? [])]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
  });
});

describe('fitPrincipalOutliers', () => {
  it('divides what a row shows of each direction by its share of the variance', async () => {
    // Standardised columns with correlation 0.6: directions (1, 1)/√2 and (1, −1)/√2 with shares 0.8 and 0.2.
    const normal = matrix([
      [2, 2],
      [-2, -2],
      [1, -1],
      [-1, 1],
    ]);
    const { score } = await fitPrincipalOutliers(normal, 'projections');
    const deviation = Math.sqrt(10 / 4);
    const rows = matrix([
      [3 * deviation, 3 * deviation],
      [deviation, -deviation],
      [0, 0],
    ]);
    const [along, across, centre] = score(rows);
    expect(along).toBeCloseTo((3 * Math.SQRT2) / 0.8, 5);
    expect(across).toBeCloseTo(Math.SQRT2 / 0.2, 5);
    expect(centre).toBeCloseTo(0, 12);
  });

  it('leaves out directions in which nothing varies', async () => {
    const normal = matrix([
      [1, 5, 2],
      [2, 5, 4],
      [3, 5, 6],
    ]);
    const { score } = await fitPrincipalOutliers(normal, 'pyod');
    expect(
      score(
        matrix([
          [2, 5, 4],
          [9, 9, 9],
        ]),
      ).every(Number.isFinite),
    ).toBe(true);
  });
});
