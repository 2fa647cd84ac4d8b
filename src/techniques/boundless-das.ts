import { createRng } from '../core/random.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { chooseDasExamples } from './shared/das-examples.ts';
import { injectionScores } from './shared/das-injection.ts';
import { boundariesOf } from './shared/das-masks.ts';
import { type DasOptions, dasOptions } from './shared/das-options.ts';
import { trainSubspaces } from './shared/das-training.ts';
import { resolveLayer } from './shared/layers.ts';

/**
 * Boundless distributed alignment search: a learned rotation of the predictor's hidden state at the last token, softly cut into
 * m + 2 subspaces, is trained until to exchange a subspace between two examples does to the predicted measurements what
 * exchanging a variable does in measurement_j = outcome OR tampering_j: the subspaces of the outcome, of tampering with
 * measurement 1 to m, and the rest. Score: aggregate logit after trusted examples' states, which hold no tampering, have been
 * put into the tampering subspaces, averaged over several of them.
 *
 * What is possible after a swap is a set of measurement values, since nobody knows what happened in an untrusted example. `draw`
 * holds predictions against a random one of them, as published, which teaches the average of the possibilities where it should
 * teach nothing; `set`, the default, asks for the set's total probability under the predictor's independent heads. The
 * published score injects one tampering subspace at a time (`swap: one-at-a-time`); the others then still hold the example's
 * own tampering, so all at once is the default.
 *
 * The predictor is frozen, and other tokens keep their states. At the default layer, the last, only the linear heads follow: an
 * OR is then as near as a sum of two causes comes to it. Earlier layers leave blocks to compute it with, but those also look at
 * the other tokens, where they find the outcome that was exchanged. On the project's own model in its default size the loss on held-out
 * interchanges, which asks for no ground truth, was lower at the last layer (0.66 against 0.71 before the last block and 0.85
 * before the last two), the tamperings' part of it being about the same; and nothing but the heads has to be computed again.
 *
 * Defaults: 200 steps of 64 interchanges among 4,096 examples, drawn evenly from the kinds that supervision can tell; Adam at
 * 0.2/√d on the rotation and 0.01 on the log widths, where the published 0.001 is for far longer training; temperature from 50
 * at 1,024 dimensions, the published predictor's, in proportion to their number, to 0.1; 8 injected examples. Source:
 * methods.md 11.3; arXiv 2305.08809; arXiv 2308.15605.
 */
export const boundlessDas: Technique<DasOptions> = {
  id: 'boundless-das',
  title: 'Boundless DAS',
  source: 'methods.md 11.3; arXiv 2305.08809; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  options: dasOptions,
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(boundlessDas, view);
    const { predictor, seed } = context;
    const before = Math.max(1, predictor.layers - 1);
    const asked = options.layer === 'before-last' ? before : options.layer;
    const layer = resolveLayer('boundless-das', asked, predictor);
    const rng = createRng(seed, 'boundless-das');
    const { learned, injected, unexplained } = chooseDasExamples('boundless-das', view, options, rng);
    const subspaces = await trainSubspaces(layer, learned, options, context, rng);
    const injection = { learned: subspaces, layer, injected: await predictor.activations(injected, layer), options };
    const { firstLoss, lastLoss, shares, dimensions } = subspaces;
    const boundaries = [...boundariesOf(shares, dimensions)];
    return {
      score: (inputs) => injectionScores(injection, inputs, context),
      details: { layer, examples: learned.length, unexplained, firstLoss, lastLoss, boundaries },
    };
  },
};
