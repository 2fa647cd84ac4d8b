import { z } from 'zod';
import type { HeadId, Matrix, StrongModel } from '../core/models.ts';
import type { FittedTechnique, SavedTechnique, Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';

/**
 * What the measurement predictor's aggregate knows beyond its measurements taken as independent.
 * Score: P(aggregate) − Π_j P(measurement_j), in [−1, 1]; a real outcome makes measurements agree, tampering with one
 * does not help another.
 *
 * Inputs do not say which measurements are masked, so the product is over all heads. Nothing is trained beyond the
 * predictor. No options. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const measurementGap: Technique<Record<string, never>> = {
  id: 'measurement-gap',
  title: 'Measurement gap',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['several-measurements'] },
  options: z.strictObject({}),
  calibrated: false,
  async fit(view, _options, { predictor }) {
    requireNeeds(measurementGap, view);
    return scorer({ values: {}, arrays: {}, models: {} }, predictor);
  },
  restore: (saved, { predictor }) => scorer(saved, predictor),
};

function scorer(saved: SavedTechnique, predictor: StrongModel): FittedTechnique {
  return { score: async (inputs) => gaps(predictor.heads, await predictor.logits(inputs)), saved };
}

function gaps(heads: readonly HeadId[], { rows, columns, data }: Matrix): Float64Array {
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const probability = (column: number) => 1 / (1 + Math.exp(-(data[row * columns + column] as number)));
    const product = heads.reduce((p, head, j) => (head.startsWith('measurement-') ? p * probability(j) : p), 1);
    scores[row] = probability(heads.indexOf('aggregate')) - product;
  }
  return scores;
}
