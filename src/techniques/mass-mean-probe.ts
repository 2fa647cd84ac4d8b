import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { fitMassMean } from '../solvers/mass-mean.ts';
import { requireNeeds } from './needs.ts';
import { type DirectionOptions, directionOptions, fitDirection } from './shared/fit-direction.ts';

/** Hyperparameters of {@link massMeanProbe}. */
export interface MassMeanProbeOptions extends DirectionOptions {
  /** Multiply by the inverse covariance within classes, as published for new examples of the same kind. @default true */
  readonly whiten: boolean;
  /** Eigenvalues of that covariance of at most this count as 0. @default 1e-3 */
  readonly cutoff: number;
}

/**
 * Mass-mean probe: θ = mean(h | label 1) − mean(h | label 0) of frozen activations, and Σ the covariance within the
 * classes, pooled. Score: θᵀΣ⁺(h − mean(h)), which is Fisher's discriminant, or with `whiten: false` θ·(h − mean(h)), as
 * published for examples of another kind. Its own labels say which end is positive; nothing is turned afterwards.
 *
 * Defaults: whitened, eigenvalues up to 1e-3 cut off, weak labels, above 1/2 or not, the last layer of the model before it
 * saw any measurement, see {@link DirectionOptions}. Source: methods.md 7.3; arXiv 2310.06824.
 */
export const massMeanProbe: Technique<MassMeanProbeOptions> = {
  id: 'mass-mean-probe',
  title: 'Mass-mean probe',
  source: 'methods.md 7.3; arXiv 2310.06824',
  role: 'technique',
  needs: { structures: [] },
  options: directionOptions.extend({
    whiten: z.boolean().default(true).describe('Multiply by the inverse covariance within classes'),
    cutoff: z.number().min(0).default(1e-3).describe('Eigenvalues of that covariance of at most this count as 0'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(massMeanProbe, view);
    const { whiten, cutoff } = options;
    const fit = (...given: Parameters<typeof fitMassMean>) => fitMassMean(given[0], given[1], { whiten, cutoff });
    return fitDirection('mass-mean-probe', fit, view, options, context);
  },
};
