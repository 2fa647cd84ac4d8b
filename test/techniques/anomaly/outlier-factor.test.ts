import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/core/models.ts';
import { fitOutlierFactor } from '../../../src/techniques/shared/outlier-factor.ts';
import { readGolden } from '../../stats/golden.ts';
import { type Listed, matrixOf } from './golden-rows.ts';

interface Golden {
  readonly outlierFactor: readonly {
    readonly name: string;
    readonly references: Listed;
    readonly queries: Listed;
    readonly neighbours: number;
    readonly scores: readonly number[];
    readonly decisions: readonly number[];
  }[];
}

describe.each(readGolden<Golden>('anomaly-detectors').outlierFactor)(
  'scikit-learn outlier factors: $name',
  (golden) => {
    it('are minus ours, and the decision function is 1.5 more', async () => {
      const factor = await fitOutlierFactor(matrixOf(golden.references), golden);
      const factors = await factor(matrixOf(golden.queries));
      expect(factors).toHaveLength(golden.scores.length);
      factors.forEach((value, row) => {
        const relative = Math.max(1, value) * 1e-8;
        expect(Math.abs(-value - (golden.scores[row] as number))).toBeLessThan(relative);
        expect(Math.abs(1.5 - value - (golden.decisions[row] as number))).toBeLessThan(relative);
      });
    });
  },
);

describe('the outlier factor', () => {
  const ruler = column(Array.from({ length: 100 }, (_, mark) => mark));

  it('is 1 within an even spacing', async () => {
    const factor = await fitOutlierFactor(ruler, { neighbours: 2 });
    expect((await factor(column([50])))[0]).toBeCloseTo(1, 9);
  });

  it('is the ratio of mean reachability distances beyond its end', async () => {
    // 10 beyond the last mark: reaches max(2, 10) and max(1, 11); those two marks reach 1 and 2 each.
    const factor = await fitOutlierFactor(ruler, { neighbours: 2 });
    expect((await factor(column([109])))[0]).toBeCloseTo(10.5 / 1.5, 7);
  });

  it('is finite where all references coincide', async () => {
    const factor = await fitOutlierFactor(column(Array(30).fill(4)), { neighbours: 20 });
    const [at, beside] = await factor(column([4, 5]));
    expect(at).toBe(1);
    expect(beside).toBeCloseTo(1e10, -2);
  });

  it('refuses a single reference', async () => {
    await expect(fitOutlierFactor(column([1]), { neighbours: 20 })).rejects.toThrow('number of neighbours');
  });
});

function column(values: readonly number[]): Matrix {
  return { rows: values.length, columns: 1, data: Float32Array.from(values) };
}
