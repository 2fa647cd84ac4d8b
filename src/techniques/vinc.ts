import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { erase } from '../solvers/eraser.ts';
import { fitOnPairs, type PairScorer } from './shared/fit-on-pairs.ts';
import type { PairStates } from './shared/pair-activations.ts';
import { eraseSides, mapSides } from './shared/pair-normalisation.ts';
import { type PairOptions, pairOptions } from './shared/pair-options.ts';
import { projectDifferences } from './shared/project-differences.ts';
import { type VincWeights, vincDirection, vincObjective } from './shared/vinc-direction.ts';

/** Hyperparameters of {@link vinc}; of its weights see {@link VincWeights}. */
export interface VincOptions extends PairOptions, VincWeights {
  /** Whether LEACE erases which wording a state is of, too, or the side alone. @default false */
  readonly erasePrompts: boolean;
  /** Wordings of each pair, at least 2. @default 'all' */
  readonly wordings: 'all' | number;
}

/**
 * VINC, variance, invariance and negative covariance: the direction u on which the two sides of a contrast pair have
 * opposite values and its wordings have the same, an eigenvector in closed form ({@link vincObjective}), once LEACE has
 * erased which side a state is of. Score: u·(r(x⁺) − r(x⁻)), r the eraser, mean over wordings, turned and scaled as `sign`
 * and `platt` say.
 *
 * Defaults: weights 0 (variance), 0.5 (negative covariance), 0.5 (invariance), centroids, side erased, all wordings; last
 * layer of the pretrained model. Source: methods.md 5.3; EleutherAI's elk.
 */
export const vinc: Technique<VincOptions> = {
  id: 'vinc',
  title: 'VINC',
  source: 'methods.md 5.3',
  role: 'technique',
  needs: { structures: ['contrast-pairs', 'paraphrases'] },
  options: pairOptions.extend({
    variance: z.number().min(0).default(0).describe('Weight of the variance of each side'),
    negativeCovariance: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Weight of the negative covariance of the sides; the invariance over wordings has the rest of 1'),
    centroids: z
      .boolean()
      .default(true)
      .describe('Whether variance and covariance are of the means over wordings, or of every wording'),
    erasePrompts: z.boolean().default(false).describe('Whether LEACE erases the wording, too, or the side alone'),
    wordings: z
      .union([z.literal('all'), z.int().min(2)])
      .default('all')
      .describe('How many wordings of each contrast pair to use; all takes every one'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    const learn = (states: readonly PairStates[]) => fitVinc(states, options);
    return fitOnPairs({ technique: vinc, wordings: options.wordings, learn }, view, options, context);
  },
};

async function fitVinc(states: readonly PairStates[], options: VincOptions): Promise<PairScorer> {
  const eraser = await eraseSides(states, options.erasePrompts);
  const direction = await vincDirection(await vincObjective(states, options), eraser);
  return {
    score: (given) =>
      projectDifferences(
        mapSides(given, (side) => erase(side, eraser)),
        direction,
      ),
    details: { erased: eraser.rank },
  };
}
