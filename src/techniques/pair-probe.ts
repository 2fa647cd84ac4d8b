import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type LabelOptions, labelOptions } from './shared/label-options.ts';
import { labelledTask } from './shared/labelled-task.ts';
import { fitLinearProbe } from './shared/linear-probe.ts';
import { countWordings } from './shared/pair-activations.ts';
import { type PairFeatures, pairFeatures } from './shared/pair-features.ts';
import { type LinearProbeOptions, linearProbeOptions } from './shared/probe-options.ts';

/** Hyperparameters of {@link pairProbe}. */
export interface PairProbeOptions extends LinearProbeOptions, LabelOptions {
  /** What of the two sides is probed: both, or the positive less the negative. @default 'concatenation' */
  readonly features: PairFeatures;
}

/**
 * Logistic regression on the states of both sides of a contrast pair, w·[h⁻; h⁺] + b or w·(h⁺ − h⁻) + b, trained on labels
 * of whether the positive answer is right. Score: its logit. It is what the unsupervised techniques on the same states
 * could find, had they labels.
 *
 * Defaults: both sides, weak labels as probabilities, last layer of the model before it saw any measurement, first wording,
 * L2 strength chosen by cross-validation. Source: methods.md 8.5 (lr-on-pair) and 5.1 (on the difference); arXiv 2312.01037.
 */
export const pairProbe: Technique<PairProbeOptions> = {
  id: 'pair-probe',
  title: 'Pair probe',
  source: 'methods.md 8.5 and 5.1; arXiv 2312.01037',
  role: 'technique',
  needs: { structures: ['contrast-pairs'] },
  options: linearProbeOptions.extend({
    ...labelOptions.shape,
    features: z
      .enum(['concatenation', 'difference'])
      .default('concatenation')
      .describe('States of both sides of a pair, or the positive side less the negative'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    // With pairs on some examples alone, the first without is worth naming.
    if (view.examples.some(({ pairs }) => pairs?.length)) countWordings('pair-probe', view.examples, 1);
    requireNeeds(pairProbe, view);
    const task = labelledTask('pair-probe', view, options.labels);
    const source = pairFeatures('pair-probe', context[options.model], options.features);
    return fitLinearProbe(source, task, options, context);
  },
};
