import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { pseudoInverse } from '../solvers/pseudo-inverse.ts';
import { fitShrunkCovariance } from '../solvers/shrinkage-covariance.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData, type LayerDetector, restoreAnomalyDetector } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { quadraticForms } from './shared/quadratic-forms.ts';

/** Hyperparameters of {@link mahalanobis}. */
export interface MahalanobisOptions extends AnomalyOptions {
  /**
   * s in (1 − s)·C + s·(tr C / d)·I, or how to estimate it; worth it where there are few normal examples for the width.
   * @default 0
   */
  readonly shrinkage: number | 'ledoit-wolf' | 'oas';
  /** Subtracts the distance under the diagonal Gaussian, so that what is unusual in single units alone counts less. @default false */
  readonly relative: boolean;
  /** Directions with at most this share of the largest variance are left out. @default 1e-5 */
  readonly cutoff: number;
}

/**
 * Mahalanobis distance to the normal examples: (a − μ)ᵀ C⁺ (a − μ) / d of an activation a of width d, with the normal
 * examples' mean μ and covariance C over n − 1, C⁺ a pseudo-inverse; `relative` takes Σⱼ (aⱼ − μⱼ)² / Cⱼⱼ / d from it. Score:
 * minus the mean over layers. Unlike the reference library's, the shrinkage target has C's mean variance (tr C / d, not
 * tr C; methods.md 18.17).
 *
 * Defaults: no shrinkage, not relative, cutoff 1e-5, all layers, trusted positives as normal. Source: methods.md 10.4;
 * Lee et al. 2018, arXiv 1807.03888; relative: after Ren et al. 2021, arXiv 2106.09022.
 */
export const mahalanobis: Technique<MahalanobisOptions> = {
  id: 'mahalanobis',
  title: 'Mahalanobis distance',
  source: 'methods.md 10.4; arXiv 1807.03888',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions.extend({
    shrinkage: z
      .union([z.number().min(0).max(1), z.enum(['ledoit-wolf', 'oas'])])
      .default(0)
      .describe('Shrinkage of the covariance towards a multiple of the identity, or how to estimate it'),
    relative: z.boolean().default(false).describe('Subtract the distance under the diagonal Gaussian'),
    cutoff: z
      .number()
      .min(0)
      .max(1)
      .default(1e-5)
      .describe('Share of the largest variance up to which a direction is left out'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(mahalanobis, view);
    const detector = { technique: 'mahalanobis', fitLayer: (data: LayerData) => fitLayer(data, options) };
    return fitAnomalyDetector(detector, view, options, context);
  },
  restore: (saved, context) => restoreAnomalyDetector(saved, openLayer, context),
};

async function fitLayer({ normal }: LayerData, options: MahalanobisOptions): Promise<LayerDetector> {
  const { mean, covariance, shrinkage } = await fitShrunkCovariance(matrixRows(normal), options);
  const width = normal.columns;
  const unbiased = covariance.map((value) => (value * normal.rows) / (normal.rows - 1));
  const { inverse, rank } = pseudoInverse(unbiased, width, { relative: options.cutoff });
  if (options.relative) subtractDiagonal(inverse, unbiased, width);
  const form = inverse.map((value) => value / width);
  return { ...openLayer({ mean, form }), details: { rank, shrinkage } };
}

function openLayer(saved: Readonly<Record<string, Float64Array>>): LayerDetector {
  const [mean, form] = [saved.mean as Float64Array, saved.form as Float64Array];
  return { score: (rows) => quadraticForms(rows, mean, form), saved };
}

/** Takes 1 / Cⱼⱼ from the diagonal; a unit that never varies has no share in either distance. */
function subtractDiagonal(inverse: Float64Array, covariance: Float64Array, width: number): void {
  for (let k = 0; k < inverse.length; k += width + 1) {
    const variance = covariance[k] as number;
    if (variance > 0) (inverse[k] as number) -= 1 / variance;
  }
}
