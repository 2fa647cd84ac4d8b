import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { fitIsolationForest, type IsolationOptions } from './shared/isolation-trees.ts';

/** Hyperparameters of {@link isolationForest}. */
export interface IsolationForestOptions extends AnomalyOptions, IsolationOptions {}

/**
 * Isolation forest: how few random cuts part an example's activations from those of normal examples; see
 * {@link fitIsolationForest}. Score: −2^(−E[path length] / c(ψ)), averaged over layers, scikit-learn's `score_samples`.
 *
 * Defaults: 100 trees of 256 normal examples each. Source: methods.md 8.7, 14.7; Liu, Ting and Zhou 2008.
 */
export const isolationForest: Technique<IsolationForestOptions> = {
  id: 'isolation-forest',
  title: 'Isolation forest',
  source: 'methods.md 8.7, 14.7; Liu, Ting and Zhou 2008',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions.extend({
    trees: z.int().min(1).default(100).describe('Isolation trees'),
    subsample: z.int().min(2).default(256).describe('Normal examples that each tree is grown on, drawn by seed'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(isolationForest, view);
    const { trees, subsample } = options;
    const detector = {
      technique: isolationForest.id,
      fitLayer: ({ normal, rng }: LayerData) => ({ score: fitIsolationForest(normal, { trees, subsample }, rng) }),
    };
    return fitAnomalyDetector(detector, view, options, context);
  },
};
