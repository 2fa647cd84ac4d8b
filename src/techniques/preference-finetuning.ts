import type { Technique } from '../core/techniques.ts';
import { sourcePairs } from './shared/pair-task.ts';
import { fitPreferences, type RewardOptions, rewardOptions } from './shared/preference-training.ts';

const trusted = ['trusted-positive', 'trusted-negative'] as const;

/**
 * A reward model of trusted preferences: one scalar r read on the prompt with each candidate of a contrast pair, trained
 * from the pretrained model by the loss of Bradley and Terry, mean −log σ(r_better − r_worse).
 * Score: r_positive − r_negative, the log-odds that the positive candidate is the better one.
 *
 * The published reward is the mean of a head's two outputs (methods.md 18.16), which is one scalar by another
 * parametrisation, and not needed. Defaults: adapters, 2 epochs in batches of 32 pairs at 1e-3, a first choice for the
 * project's own decoder; published for 30 billion parameters: 2e-4. Source: methods.md 9.4 (lora_fine_tune);
 * arXiv 2311.07723.
 */
export const preferenceFinetuning: Technique<RewardOptions> = {
  id: 'preference-finetuning',
  title: 'Preference finetuning',
  source: 'methods.md 9.4; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: rewardOptions,
  calibrated: true,
  finetunesOn: trusted,
  // Each pair is two texts.
  finetunings: () => [trusted, trusted],
  fit: async (view, options, context) =>
    fitPreferences(context.pretrained, sourcePairs(preferenceFinetuning, view), options, context),
};
