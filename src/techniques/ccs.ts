import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { createRng } from '../core/random.ts';
import type { Technique, TechniqueContext } from '../core/techniques.ts';
import { pairRows, pairScores } from './shared/ccs-pairs.ts';
import { type CcsMinimum, searchCcs } from './shared/ccs-search.ts';
import { ccsInits, createStarts } from './shared/ccs-starts.ts';
import { fitOnPairs, type PairScorer } from './shared/fit-on-pairs.ts';
import type { PairStates } from './shared/pair-activations.ts';
import { fitPairNormalisation, type PairNormalisationKind, pairNormalisations } from './shared/pair-normalisation.ts';
import { type PairOptions, pairOptions, wordingsOption } from './shared/pair-options.ts';

/** What a variant settles where the options are silent. */
interface CcsRecipe {
  /** How the side of a state is hidden from the probe. @default 'mean' (published), 'leace' (later) */
  readonly normalisation: PairNormalisationKind;
  /** @default 'adamw' (published), 'lbfgs' (later) */
  readonly optimizer: 'adamw' | 'lbfgs';
  /** Wordings of each pair to learn from and to average over. @default 1 (published), 'all' (later) */
  readonly wordings: 'all' | number;
}

/** Hyperparameters of {@link ccs}. */
export interface CcsOptions extends PairOptions, Partial<CcsRecipe> {
  /** Whose defaults: those of the paper's code, or of its successor. @default 'published' */
  readonly variant: 'published' | 'later';
  /** Searches from different starts, of which the one with the lowest loss is kept. @default 10 */
  readonly restarts: number;
  /** How the probes start; see {@link createStarts}. @default 'linear' */
  readonly init: (typeof ccsInits)[number];
  /** Full-batch steps of AdamW, or most iterations of L-BFGS. @default 1000 */
  readonly epochs: number;
  /** Of AdamW. @default 1e-3 */
  readonly learningRate: number;
  /** Decoupled for AdamW; λ of the explicit λ‖(w, b)‖²/2 for L-BFGS. @default 0.01 */
  readonly weightDecay: number;
  /** Weight in the loss of the variance of a side's probability over its wordings. @default 0 */
  readonly promptVariance: number;
}

const recipes = {
  published: { normalisation: 'mean', optimizer: 'adamw', wordings: 1 },
  later: { normalisation: 'leace', optimizer: 'lbfgs', wordings: 'all' },
} as const satisfies Record<string, CcsRecipe>;

/**
 * Contrast-consistent search (Burns et al. 2022): a linear probe p(x) = σ(w·x + b) on the states of both sides of a
 * contrast pair, hidden from which side it sees, that is consistent and confident: the minimum over restarts of
 *
 *   mean (p(x⁺) + p(x⁻) − 1)² + mean min(p(x⁺), p(x⁻))²   (chosen without the penalty)
 *
 * Score: log-odds of ½(p(x⁺) + 1 − p(x⁻)), mean over wordings, turned and scaled as `sign` and `platt` say. The published
 * code takes its sign from the ground truth of the test set and normalises by that set's own means; neither is
 * offered, the statistics are those of the training pairs.
 *
 * Defaults: variant `published`: one wording, mean normalisation, AdamW at 1e-3 with decay 0.01 for 1000 epochs, 10
 * restarts; last layer of the pretrained model. Variant `later`: all wordings, LEACE, L-BFGS.
 * Source: methods.md 5.1, 5.2 and 8.5; arXiv 2212.03827.
 */
export const ccs: Technique<CcsOptions> = {
  id: 'ccs',
  title: 'CCS',
  source: 'methods.md 5.1, 5.2 and 8.5; arXiv 2212.03827',
  role: 'technique',
  needs: { structures: ['contrast-pairs'] },
  options: pairOptions.extend({
    variant: z
      .enum(['published', 'later'])
      .default('published')
      .describe('Whose defaults for normalisation, optimizer and wordings: the paper’s code, or its successor'),
    normalisation: z
      .enum(pairNormalisations)
      .exactOptional()
      .describe('How the side of a state is hidden from the probe; default mean, in the later variant leace'),
    optimizer: z.enum(['adamw', 'lbfgs']).exactOptional().describe('Default adamw, in the later variant lbfgs'),
    wordings: wordingsOption
      .exactOptional()
      .describe('How many wordings of each contrast pair to use, or all; default 1, in the later variant all'),
    restarts: z.int().min(1).default(10).describe('Searches from different starts, of which the best is kept'),
    init: z.enum(ccsInits).default('linear').describe('How the probes start'),
    epochs: z.int().min(1).default(1000).describe('Full-batch steps of AdamW, or most iterations of L-BFGS'),
    learningRate: z.number().positive().default(1e-3).describe('Learning rate of AdamW'),
    weightDecay: z.number().min(0).default(0.01).describe('Decoupled for AdamW, an explicit L2 penalty for L-BFGS'),
    promptVariance: z
      .number()
      .min(0)
      .default(0)
      .describe('Weight in the loss of the variance of a side’s probability over its wordings'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    const settled = { ...recipes[options.variant], ...options };
    const learn = (states: readonly PairStates[]) => fitCcs(states, settled, context);
    return fitOnPairs({ technique: ccs, wordings: settled.wordings, learn }, view, options, context);
  },
};

async function fitCcs(
  states: readonly PairStates[],
  options: CcsOptions & CcsRecipe,
  { seed, signal, progress }: TechniqueContext,
): Promise<PairScorer> {
  const { variant, normalisation, optimizer, restarts, promptVariance } = options;
  const normalise = await fitPairNormalisation(normalisation, states);
  const normalised = normalise(states);
  const starts = await createStarts(options.init, restarts, normalised, createRng(seed, 'ccs'));
  const layout = { examples: (normalised[0] as PairStates).negative.rows, wordings: states.length, promptVariance };
  const minima = await searchCcs({ rows: pairRows(normalised), layout }, starts, options, (done, total) => {
    signal.throwIfAborted();
    progress(done, total, optimizer === 'adamw' ? 'epochs' : 'restarts');
  });
  const best = lowest(minima);
  return {
    score: (given) => pairScores(normalise(given), best.parameters),
    details: { variant, normalisation, optimizer, restarts, loss: best.loss },
  };
}

function lowest(minima: readonly CcsMinimum[]): CcsMinimum {
  const finite = minima.filter(({ loss }) => Number.isFinite(loss));
  if (finite.length > 0) return finite.reduce((best, other) => (other.loss < best.loss ? other : best));
  const next = 'Take another layer, another normalisation or a lower learning rate.';
  throw expected('not-finite', 'the loss of ccs after every restart', 'finite', String(minima[0]?.loss), next);
}
