import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { likelihoodScores } from './shared/likelihood-scores.ts';
import { requirePairs } from './shared/pair-task.ts';

/**
 * Baseline: what the pretrained language model thinks likely to be said. Score: mean log probability per token of the
 * positive candidate after its prompt, the end of text included, less that of the negative one, which is the log-odds of
 * the positive one under a softmax over the two. Nothing is learned from the training examples.
 *
 * It needs a model that predicts tokens: of the project's own only one pretrained on a corpus knows anything.
 * Source: methods.md 9.4; arXiv 2311.07723.
 */
export const zeroShot: Technique<Record<string, never>> = {
  id: 'zero-shot',
  title: 'Zero-shot',
  source: 'methods.md 9.4; arXiv 2311.07723',
  role: 'baseline',
  needs: { structures: ['contrast-pairs'] },
  options: z.strictObject({}),
  calibrated: true,
  ignoresMeasurements: true,
  async fit(view, _, { pretrained, signal }) {
    requirePairs(zeroShot, view);
    return { score: (inputs) => likelihoodScores('zero-shot', pretrained, inputs, { signal }) };
  },
};
