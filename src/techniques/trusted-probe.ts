import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { restoreLinearProbe } from './shared/linear-probe.ts';
import { fitProbe } from './shared/probe.ts';
import { type ProbeOptions, probeOptions } from './shared/probe-options.ts';
import { trustedTask } from './shared/trusted-task.ts';

/**
 * A linear probe w·h + b on the frozen measurement predictor, trained to predict the aggregate measurement of trusted
 * examples, where it is the ground truth. Score: probe logit.
 *
 * Defaults: layer and L2 strength chosen by cross-validation, see {@link ProbeOptions}.
 * Source: methods.md 11.3; arXiv 2308.15605.
 */
export const trustedProbe: Technique<ProbeOptions> = {
  id: 'trusted-probe',
  title: 'Trusted probe',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: probeOptions,
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(trustedProbe, view);
    return fitProbe(context.predictor, trustedTask('trusted-probe', view), options, context);
  },
  restore: (saved, { predictor }) => restoreLinearProbe(saved, predictor),
};
