import { z } from 'zod';
import type { ContrastPair } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { fittingShots, shotScores } from './shared/few-shot-prompts.ts';
import { firstPairs } from './shared/likelihood-scores.ts';
import { sourcePairs } from './shared/pair-task.ts';

/** Hyperparameters of {@link fewShot}. */
export interface FewShotOptions {
  /** Trusted examples before each prompt. @default 4 */
  readonly shots: number;
}

/**
 * Few-shot prompting: each prompt comes after those of trusted examples with their better answers, set apart by blank
 * lines, drawn afresh for every prompt (by the seed and the prompt, so that a prompt always has the same).
 * Score as of `zero-shot`: mean log probability per token of the positive candidate less that of the negative one.
 *
 * Where the model has no room for four, there are fewer: as many as fit before 32 trusted prompts, and one less at a time for
 * a prompt that is longer still. A model that cuts off long texts by itself drops the start of the first instead.
 * Default: 4 shots. Source: methods.md 9.4; arXiv 2311.07723.
 */
export const fewShot: Technique<FewShotOptions> = {
  id: 'few-shot',
  title: 'Few-shot',
  source: 'methods.md 9.4; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: z.strictObject({
    shots: z.int().min(1).default(4).describe('Trusted examples before each prompt, fewer where there is no room'),
  }),
  calibrated: true,
  async fit(view, { shots }, { pretrained: model, seed, signal }) {
    const { examples, targets } = sourcePairs(fewShot, view);
    const pairs = firstPairs('few-shot', examples);
    const solved = pairs.map((pair, row) => answered(pair, targets[row] as boolean));
    const prompting = { model, solved, seed, signal };
    const fitting = await fittingShots(prompting, pairs, Math.min(shots, solved.length));
    return {
      score: (inputs) => shotScores(prompting, firstPairs('few-shot', inputs), fitting),
      details: { examples: solved.length, shotsAsked: shots, shots: fitting },
    };
  },
};

function answered({ prompt, negative, positive }: ContrastPair, positiveIsBetter: boolean): string {
  return prompt + (positiveIsBetter ? positive : negative);
}
