import type { Technique } from '../core/techniques.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { fitPca } from '../solvers/pca.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData, type LayerDetector } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions, scaleOption } from './shared/anomaly-options.ts';
import { type UntrustedOption, untrustedOption } from './shared/untrusted-option.ts';

/** Hyperparameters of {@link spectralSignature}; `normal` only sets the scale. */
export interface SpectralSignatureOptions extends AnomalyOptions, UntrustedOption {}

/**
 * Spectral signature: ((a − μ)·v)² with the mean μ and the top eigenvector v of the covariance of untrusted examples. It sees
 * tampered examples where they are the fewer and far enough off to own the direction of largest variance. Score: minus the
 * mean over layers. The signature is published for the examples of one label, hence untrusted positives; with `all` the
 * direction may well be that from negatives to positives.
 *
 * Defaults: untrusted positives, all layers, each standardised by the normal examples' scores, since the score has the unit
 * of the activations squared. Source: methods.md 10.4; Tran, Li and Madry 2018, arXiv 1811.00636.
 */
export const spectralSignature: Technique<SpectralSignatureOptions> = {
  id: 'spectral-signature',
  title: 'Spectral signature',
  source: 'methods.md 10.4; arXiv 1811.00636',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'untrusted-examples'] },
  options: anomalyOptions.extend({ untrusted: untrustedOption, scale: scaleOption.default('standardised') }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(spectralSignature, view);
    const detector = { technique: 'spectral-signature', untrusted: options.untrusted, fitLayer };
    return fitAnomalyDetector(detector, view, options, context);
  },
};

async function fitLayer({ untrusted }: LayerData): Promise<LayerDetector> {
  const { mean, map, shares } = await fitPca(matrixRows(untrusted), { components: 1 });
  const score: LayerDetector['score'] = ({ rows, columns, data }) =>
    Float64Array.from({ length: rows }, (_, row) => {
      let projection = 0;
      for (let j = 0; j < columns; j++) {
        projection += ((data[row * columns + j] as number) - (mean[j] as number)) * (map[j] as number);
      }
      return projection ** 2;
    });
  return { score, details: { share: shares[0] as number } };
}
