import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { groundTruthTask } from './shared/ground-truth-task.ts';
import { fitProbe } from './shared/probe.ts';
import { type ProbeOptions, probeOptions } from './shared/probe-options.ts';

/**
 * Ceiling: a linear probe on the frozen measurement predictor, trained on the ground truth of untrusted examples with
 * every measurement positive. Score: probe logit. It bounds what a linear read-out of the predictor can show.
 *
 * Defaults: layer and L2 strength chosen by cross-validation on its own target, which is ground truth, see
 * {@link ProbeOptions}. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const groundTruthProbe: Technique<ProbeOptions> = {
  id: 'ground-truth-probe',
  title: 'Ground-truth probe',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'ceiling',
  needs: { structures: ['untrusted-examples'], groundTruth: true },
  options: probeOptions,
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(groundTruthProbe, view);
    return fitProbe(context.predictor, groundTruthTask('ground-truth-probe', view), options, context);
  },
};
