import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type LabelOptions, labelOptions } from './shared/label-options.ts';
import { labelledTask } from './shared/labelled-task.ts';
import { fitLinearProbe } from './shared/linear-probe.ts';
import { type LinearProbeOptions, linearProbeOptions } from './shared/probe-options.ts';

/** Hyperparameters of {@link weakProbe}. */
export interface WeakProbeOptions extends LinearProbeOptions, Pick<LabelOptions, 'model'> {
  /** Learn the weak labels as probabilities rather than whether they are above 1/2. @default true */
  readonly soft: boolean;
}

/**
 * Logistic regression w·h + b on frozen activations of all training examples, trained on their weak labels: a linear
 * strong student. Score: its logit. `trusted-probe` is the same on trusted examples.
 *
 * Defaults: soft labels, last layer of the model before it saw any measurement, L2 strength chosen by cross-validated
 * AUROC on weak labels above 1/2. Source: methods.md 5.4 and 8.5 (lr); arXiv 2312.01037.
 */
export const weakProbe: Technique<WeakProbeOptions> = {
  id: 'weak-probe',
  title: 'Weak probe',
  source: 'methods.md 5.4 and 8.5; arXiv 2312.01037',
  role: 'technique',
  needs: { structures: [] },
  options: linearProbeOptions.extend({
    model: labelOptions.shape.model,
    soft: z.boolean().default(true).describe('Learn weak labels as probabilities rather than as above 1/2 or not'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(weakProbe, view);
    const { probabilities, ...hard } = labelledTask('weak-probe', view, 'weak');
    const task = options.soft ? { ...hard, probabilities } : hard;
    return fitLinearProbe(context[options.model], task, options, context);
  },
};
