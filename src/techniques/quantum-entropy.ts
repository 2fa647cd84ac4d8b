import { z } from 'zod';
import type { Matrix } from '../core/models.ts';
import type { Technique } from '../core/techniques.ts';
import { createDenseProducts, type Dense, type DenseProducts } from '../solvers/dense-products.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { computeMoments } from '../solvers/moments.ts';
import { spectralSum } from '../solvers/pseudo-inverse.ts';
import { symmetricEigen } from '../solvers/symmetric-eigen.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData, type LayerDetector } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { quadraticForms } from './shared/quadratic-forms.ts';
import { type UntrustedOption, untrustedOption } from './shared/untrusted-option.ts';

/** Hyperparameters of {@link quantumEntropy}. */
export interface QuantumEntropyOptions extends AnomalyOptions, UntrustedOption {
  /** How much directions count in which the untrusted examples vary most; 0: all alike. @default 4 */
  readonly alpha: number;
  /**
   * The untrusted covariance S: `published`, of the whitened untrusted activations; `cupbearer`, of the raw ones, as in
   * the reference library, which mixes two coordinate systems (methods.md 18.17). @default 'published'
   */
  readonly form: 'published' | 'cupbearer';
}

/**
 * Quantum entropy scores (QUE): w = Λ^(−1/2) Eᵀ (a − μ) is the activation whitened by the normal examples' covariance
 * E Λ Eᵀ (over n − 1; directions with less than 1e-5 of the largest variance dropped), and the anomaly score is
 * wᵀ exp(α S / ‖S‖₂) w with the untrusted examples' covariance S: the squared norm, in which directions count more that vary
 * more among untrusted examples than among normal ones. Score: minus the mean over layers.
 *
 * The `cupbearer` form depends on the order and sign of eigenvectors, which are arbitrary: here the largest variance comes
 * last, and the largest component of each is positive.
 *
 * Defaults: α 4, published form, untrusted positives against trusted positives. Source: methods.md 10.4; Dong, Hopkins and
 * Li 2019, arXiv 1906.11366; Hayase et al. 2021, arXiv 2104.11315.
 */
export const quantumEntropy: Technique<QuantumEntropyOptions> = {
  id: 'quantum-entropy',
  title: 'Quantum entropy',
  source: 'methods.md 10.4; arXiv 1906.11366',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'untrusted-examples'] },
  options: anomalyOptions.extend({
    alpha: z
      .number()
      .min(0)
      .max(500)
      .default(4)
      .describe('Weight of directions in which the untrusted examples vary most'),
    form: z
      .enum(['published', 'cupbearer'])
      .default('published')
      .describe('Untrusted covariance of whitened activations, or of raw ones as in the reference library'),
    untrusted: untrustedOption,
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(quantumEntropy, view);
    const fit = (data: LayerData) => fitLayer(data, options);
    const detector = { technique: 'quantum-entropy', untrusted: options.untrusted, fitLayer: fit };
    return fitAnomalyDetector(detector, view, options, context);
  },
};

const cutoff = 1e-5;

async function fitLayer({ normal, untrusted }: LayerData, options: QuantumEntropyOptions): Promise<LayerDetector> {
  const { mean, covariance } = await covarianceOf(normal);
  const other = (await covarianceOf(untrusted)).covariance;
  const products = createDenseProducts({});
  try {
    const map = whiteningOf(covariance);
    const compared = options.form === 'cupbearer' ? other : await between(map, other, products);
    const { weights, norm } = exponential(compared, options.alpha);
    const form = await between({ ...map, data: transpose(map) }, weights, products);
    return { score: (rows) => quadraticForms(rows, mean, form.data), details: { untrustedNorm: norm } };
  } finally {
    await products.dispose();
  }
}

async function covarianceOf(matrix: Matrix): Promise<{ readonly mean: Float64Array; readonly covariance: Dense }> {
  const { mean, scatter, rows } = await computeMoments(matrixRows(matrix));
  const data = scatter.map((value) => value / (rows - 1));
  return { mean, covariance: { rows: mean.length, columns: mean.length, data } };
}

/** Λ^(−1/2) Eᵀ, (size × size), the row of the largest variance last; rows of dropped directions are 0. */
function whiteningOf({ rows: size, data }: Dense): Dense {
  const { values, vectors } = symmetricEigen(data, size);
  const map = new Float64Array(size * size);
  values.forEach((value, k) => {
    if (value <= cutoff * (values[0] as number)) return;
    const row = vectors.subarray(k * size, (k + 1) * size);
    map.set(
      row.map((component) => component / Math.sqrt(value)),
      (size - 1 - k) * size,
    );
  });
  return { rows: size, columns: size, data: map };
}

/** map · inner · mapᵀ */
async function between(map: Dense, inner: Dense, products: DenseProducts): Promise<Dense> {
  return products.multiply(await products.multiply(map, inner), map, { transposeB: true });
}

/** exp(α S / ‖S‖₂), and ‖S‖₂; the identity where nothing varies. */
function exponential({ rows: size, data }: Dense, alpha: number): { weights: Dense; norm: number } {
  const pairs = symmetricEigen(data, size);
  const norm = Math.max(0, pairs.values[0] as number);
  const factors = pairs.values.map((value) => Math.exp((alpha * value) / (norm || 1)));
  return { weights: { rows: size, columns: size, data: spectralSum(pairs, factors, size) }, norm };
}

function transpose({ rows: size, data }: Dense): Float64Array {
  return data.map((_, k) => data[(k % size) * size + Math.floor(k / size)] as number);
}
