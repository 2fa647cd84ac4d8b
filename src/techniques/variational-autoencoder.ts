import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { type AutoencoderOptions, fitAutoencoder } from './shared/autoencoder.ts';

/** Hyperparameters of {@link variationalAutoencoder}. */
export interface VariationalAutoencoderOptions extends AnomalyOptions, AutoencoderOptions {}

/**
 * Variational autoencoder: how badly a small autoencoder of normal examples' activations rebuilds an example, and how
 * unusual its code is; see {@link fitAutoencoder}. Score: minus (MSE + klWeight · KL) at the latent mean, averaged over
 * layers.
 *
 * The published weight of 1 stands beside a mean over dimensions in the activations' own unit; here activations have mean
 * variance 1, where a code pays only for directions of more than klWeight · d / 2 times the mean variance, so that 1
 * would leave the code unused and the score a mere distance to the mean. `details.kl` tells the code's mean use in nats.
 *
 * Defaults: k = 16, klWeight 0.001, 10 epochs of batches of 128, Adam at 1e-3. Source: methods.md 10.4.
 */
export const variationalAutoencoder: Technique<VariationalAutoencoderOptions> = {
  id: 'variational-autoencoder',
  title: 'Variational autoencoder',
  source: 'methods.md 10.4; Kingma and Welling 2014',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions.extend({
    latent: z.int().min(1).default(16).describe('Dimensions of the code'),
    klWeight: z.number().min(0).default(0.001).describe('Factor on the KL divergence, in training and in the score'),
    epochs: z.int().min(1).default(10).describe('Passes over the normal examples'),
    batchSize: z.int().min(1).default(128).describe('Examples per step'),
    learningRate: z.number().positive().default(1e-3).describe('Learning rate of Adam'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(variationalAutoencoder, view);
    const detector = {
      technique: variationalAutoencoder.id,
      async fitLayer({ normal, rng, signal }: LayerData) {
        const { score, parts } = await fitAutoencoder(normal, options, rng, signal);
        const { error, kl } = await parts(normal);
        return { score, details: { error: meanOf(error), kl: meanOf(kl) } };
      },
    };
    return fitAnomalyDetector(detector, view, options, context);
  },
};

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
