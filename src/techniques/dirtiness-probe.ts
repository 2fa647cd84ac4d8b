import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { dirtinessTask } from './shared/dirtiness-task.ts';
import { restoreLinearProbe } from './shared/linear-probe.ts';
import { fitProbe } from './shared/probe.ts';
import { type ProbeOptions, probeOptions } from './shared/probe-options.ts';

/**
 * Out-of-distribution probing: a linear probe on the frozen measurement predictor tells trusted (target 1) from untrusted
 * examples (target 0) among those with every measurement positive. Score: probe logit, which ranks as P(trusted) does.
 *
 * It works as far as a real positive looks more like a trusted one than a fake positive does; many untrusted examples are
 * real, hence not calibrated. Defaults: layer and L2 strength chosen by cross-validation, see {@link ProbeOptions}.
 * Source: methods.md 11.3; arXiv 2308.15605.
 */
export const dirtinessProbe: Technique<ProbeOptions> = {
  id: 'dirtiness-probe',
  title: 'Dirtiness probe',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'untrusted-examples'] },
  options: probeOptions,
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(dirtinessProbe, view);
    return fitProbe(context.predictor, dirtinessTask('dirtiness-probe', view), options, context);
  },
  restore: (saved, { predictor }) => restoreLinearProbe(saved, predictor),
};
