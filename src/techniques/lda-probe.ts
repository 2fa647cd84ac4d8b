import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { fitLda } from '../solvers/lda.ts';
import { requireNeeds } from './needs.ts';
import { type DirectionOptions, directionOptions, fitDirection } from './shared/fit-direction.ts';

/** Hyperparameters of {@link ldaProbe}. */
export interface LdaProbeOptions extends DirectionOptions {
  /** How each class's covariance is shrunk towards a multiple of the identity; a number is its share. @default 'none' */
  readonly shrinkage: 'none' | 'ledoit-wolf' | number;
}

/**
 * Linear discriminant analysis of frozen activations: w = Σ⁺(μ₁ − μ₀) with Σ = (n₁Σ₁ + n₀Σ₀)/n. Score: log-odds of label 1
 * were both classes normal with covariance Σ. Its own labels say which end is positive; nothing is turned afterwards.
 *
 * Defaults: no shrinkage, weak labels, above 1/2 or not, the last layer of the model before it saw any measurement, see
 * {@link DirectionOptions}. Source: methods.md 8.5 (lda); arXiv 2312.01037.
 */
export const ldaProbe: Technique<LdaProbeOptions> = {
  id: 'lda-probe',
  title: 'LDA probe',
  source: 'methods.md 8.5; arXiv 2312.01037',
  role: 'technique',
  needs: { structures: [] },
  options: directionOptions.extend({
    shrinkage: z
      .union([z.enum(['none', 'ledoit-wolf']), z.number().min(0).max(1)])
      .default('none')
      .describe('How each class’s covariance is shrunk towards a multiple of the identity'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(ldaProbe, view);
    const { shrinkage } = options;
    return fitDirection(
      'lda-probe',
      async (source, labels) => {
        const { weights, biases } = await fitLda(source, labels.map(Number), { shrinkage });
        return { weights, bias: biases[0] as number };
      },
      view,
      options,
      context,
    );
  },
};
