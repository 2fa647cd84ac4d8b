import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { sourcePairs } from './shared/pair-task.ts';
import { fitPreferences, type PreferenceOptions, preferenceOptions } from './shared/preference-training.ts';

/** Hyperparameters of {@link promptTuning}. */
export interface PromptTuningOptions extends PreferenceOptions {
  /** Learned vectors before each text. @default 10 */
  readonly virtualTokens: number;
}

/**
 * Prompt tuning on trusted preferences: the pretrained model stays as it is but for its heads and a few learned vectors
 * before each text, trained by the loss of Bradley and Terry as in `preference-finetuning`.
 * Score: r_positive − r_negative, the log-odds that the positive candidate is the better one.
 *
 * Defaults: 10 vectors, 2 epochs in batches of 32 pairs at 5.2e-3. Source: methods.md 9.4; arXiv 2311.07723 and
 * 2104.08691.
 */
export const promptTuning: Technique<PromptTuningOptions> = {
  id: 'prompt-tuning',
  title: 'Prompt tuning',
  source: 'methods.md 9.4; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: preferenceOptions(5.2e-3).extend({
    virtualTokens: z.int().min(1).default(10).describe('Learned vectors before each text'),
  }),
  calibrated: true,
  finetunesOn: ['trusted-positive', 'trusted-negative'],
  finetunings: () => [
    ['trusted-positive', 'trusted-negative'],
    ['trusted-positive', 'trusted-negative'],
  ],
  fit: async (view, options, context) => {
    const task = sourcePairs(promptTuning, view);
    return fitPreferences(context.pretrained, task, { ...options, trainable: 'prompt' }, context);
  },
};
