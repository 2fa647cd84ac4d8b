import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { fitLeace } from '../solvers/leace.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { requireNeeds } from './needs.ts';
import { labelOptions } from './shared/label-options.ts';
import { linearProbeOptions } from './shared/probe-options.ts';
import { fitWithoutWeakLabel, type WeakEraser, type WeakEraserOptions } from './shared/weak-eraser.ts';

/** Hyperparameters of {@link leaceProbe}. */
export interface LeaceProbeOptions extends WeakEraserOptions {
  /** Least mean squared change, or the orthogonal projection on the difference of means. @default 'leace' */
  readonly method: 'leace' | 'orth';
  /** Shrink the covariance of the activations by the optimal linear shrinkage. @default true */
  readonly shrinkage: boolean;
  /** Singular values of the whitened cross-covariance of at most this are left. @default 0.01 */
  readonly tolerance: number;
}

/**
 * Least-squares concept erasure: from frozen activations the weak label of all training examples (of a
 * measurement-tampering setting the aggregate measurement) is erased, so that no linear read-out of it is left and as
 * little else as can be is changed; then a linear probe learns the aggregate of trusted examples from the rest. Score:
 * probe logit.
 *
 * Which way tampering counts is not the probe's choice. What is erased is a mixture of outcome and attempts, and the outcome
 * less its share of that has attempts in it with the opposite sign: they count against an example where attempted
 * examples are positive more often than others, and for it where less often. Then the score is inverted among measured
 * positives, with an AUROC below 0.5, by construction.
 *
 * `pace` does the same by the orthogonal projection on the difference of means, of hard labels (here `method: 'orth'`),
 * which leaves no difference of means either, and changes more. Defaults: the last layer of the measurement predictor, as
 * there; L2 strength chosen by cross-validation. Source: methods.md 6 and 11.3; arXiv 2306.03819.
 */
export const leaceProbe: Technique<LeaceProbeOptions> = {
  id: 'leace-probe',
  title: 'LEACE probe',
  source: 'methods.md 6 and 11.3; arXiv 2306.03819',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: linearProbeOptions.extend({
    model: labelOptions.shape.model.unwrap().default('predictor'),
    method: z
      .enum(['leace', 'orth'])
      .default('leace')
      .describe('Least mean squared change, or the orthogonal projection'),
    shrinkage: z.boolean().default(true).describe('Shrink the covariance of the activations'),
    tolerance: z.number().min(0).default(0.01).describe('Singular values of at most this are left'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(leaceProbe, view);
    const { method, shrinkage, tolerance } = options;
    const eraser: WeakEraser = {
      technique: 'leace-probe',
      mostExamples: Number.POSITIVE_INFINITY,
      fit: (activations, labels) => fitLeace(matrixRows(activations), labels, { method, shrinkage, tolerance }),
    };
    return fitWithoutWeakLabel(eraser, view, options, context);
  },
};
