import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { fitOutlierFactor } from './shared/outlier-factor.ts';
import { sampleMatrix } from './shared/sample-matrix.ts';

/** Hyperparameters of {@link localOutlierFactor}. */
export interface LocalOutlierFactorOptions extends AnomalyOptions {
  /** Neighbours k whose density an example's is compared with. @default 20 */
  readonly neighbours: number;
  /** Most normal examples to compare with, drawn by seed, since the cost is references × scored examples. @default 2000 */
  readonly references: number;
}

/**
 * Local outlier factor in novelty mode: how much sparser the predictor's activations are around an example than around
 * its k nearest normal examples, by reachability distances with exact Euclidean neighbours; see {@link fitOutlierFactor}.
 * Score: minus the factor, averaged over layers. Minus the factor is scikit-learn's `score_samples` with `novelty=True`.
 *
 * Defaults: k = 20, at most 2,000 normal examples. Source: methods.md 8.7, 14.7; Breunig et al. 2000; arXiv 2504.08812.
 */
export const localOutlierFactor: Technique<LocalOutlierFactorOptions> = {
  id: 'local-outlier-factor',
  title: 'Local outlier factor',
  source: 'methods.md 8.7, 14.7; Breunig et al. 2000; arXiv 2504.08812',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions.extend({
    neighbours: z
      .int()
      .min(1)
      .default(20)
      .describe('Nearest normal examples whose density an example’s is compared with'),
    references: z.int().min(2).default(2000).describe('Most normal examples to compare with, drawn by seed'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(localOutlierFactor, view);
    const { neighbours, references } = options;
    const detector = {
      technique: localOutlierFactor.id,
      async fitLayer({ normal, rng, signal }: LayerData) {
        return { score: await fitOutlierFactor(sampleMatrix(normal, references, rng), { neighbours, signal }) };
      },
    };
    return fitAnomalyDetector(detector, view, options, context);
  },
};
