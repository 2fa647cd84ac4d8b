import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { fitPca } from '../solvers/pca.ts';
import { fitOnPairs, type PairScorer } from './shared/fit-on-pairs.ts';
import type { PairStates } from './shared/pair-activations.ts';
import { pairDifferences } from './shared/pair-differences.ts';
import { fitPairNormalisation } from './shared/pair-normalisation.ts';
import { type PairOptions, pairOptions, wordingsOption } from './shared/pair-options.ts';
import { projectDifferences } from './shared/project-differences.ts';

/** Hyperparameters of {@link contrastPrincipalComponent}. */
export interface ContrastPrincipalComponentOptions extends PairOptions {
  /** What tells the sides apart is taken away by their means, or by LEACE. @default 'mean' */
  readonly normalisation: 'mean' | 'leace';
  /** Wordings of each pair to learn from and to average over. @default 1 */
  readonly wordings: 'all' | number;
}

/**
 * Contrastive representation clustering by the top principal component (CRC-TPC; Burns et al. 2022): u is the direction
 * of most variance of x⁺ − x⁻, the normalised states of the two sides of a contrast pair. Score: u·(x⁺ − x⁻), mean over
 * wordings, turned and scaled as `sign` and `platt` say.
 *
 * Defaults: side means removed, one wording, last layer of the pretrained model.
 * Source: methods.md 5.3 and 8.5; arXiv 2212.03827.
 */
export const contrastPrincipalComponent: Technique<ContrastPrincipalComponentOptions> = {
  id: 'contrast-principal-component',
  title: 'Contrast principal component',
  source: 'methods.md 5.3 and 8.5; arXiv 2212.03827',
  role: 'technique',
  needs: { structures: ['contrast-pairs'] },
  options: pairOptions.extend({
    normalisation: z
      .enum(['mean', 'leace'])
      .default('mean')
      .describe('What takes away which side a state is of: the sides’ means, or LEACE'),
    wordings: wordingsOption.default(1),
  }),
  calibrated: true,
  async fit(view, options, context) {
    const learn = (states: readonly PairStates[]) => fitTopComponent(states, options.normalisation);
    const { wordings } = options;
    return fitOnPairs({ technique: contrastPrincipalComponent, wordings, learn }, view, options, context);
  },
};

async function fitTopComponent(states: readonly PairStates[], normalisation: 'mean' | 'leace'): Promise<PairScorer> {
  const normalise = await fitPairNormalisation(normalisation, states);
  const { map, shares } = await fitPca(matrixRows(pairDifferences(normalise(states))), { components: 1 });
  return {
    score: (given) => projectDifferences(normalise(given), map),
    details: { normalisation, varianceShare: shares[0] as number },
  };
}
