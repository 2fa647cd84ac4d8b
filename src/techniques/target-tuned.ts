import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { referencePairs } from './shared/pair-task.ts';
import { fitPreferences, type RewardOptions, rewardOptions } from './shared/preference-training.ts';

const untrusted = categories.filter((category) => !category.startsWith('trusted'));

/**
 * Ceiling: target-tuned capability, `preference-finetuning` on the ground truth of the untrusted training examples, which
 * are the target distribution's or those of its reference; of all where every one is trusted.
 * Score: r_positive − r_negative, the log-odds that the positive candidate is the better one.
 *
 * Differential elicitation divides by its accuracy. Defaults as `preference-finetuning`. Source: methods.md 9.2;
 * arXiv 2311.07723.
 */
export const targetTuned: Technique<RewardOptions> = {
  id: 'target-tuned',
  title: 'Target-tuned capability',
  source: 'methods.md 9.2; arXiv 2311.07723',
  role: 'ceiling',
  needs: { structures: ['contrast-pairs'], groundTruth: true },
  options: rewardOptions,
  calibrated: true,
  ignoresMeasurements: true,
  finetunesOn: untrusted,
  // Each pair is two texts.
  finetunings: () => [untrusted, untrusted],
  fit: async (view, options, context) =>
    fitPreferences(context.pretrained, referencePairs(targetTuned, view), options, context),
};
