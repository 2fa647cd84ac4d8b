import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { withoutAggregateDirection } from './shared/aggregate-direction.ts';
import { fitProbe } from './shared/probe.ts';
import { type ProbeOptions, probeOptions } from './shared/probe-options.ts';
import { trustedTask } from './shared/trusted-task.ts';

/**
 * Amnesic probing: from the frozen predictor's activations h the direction u along mean(h | aggregate = 1) −
 * mean(h | aggregate = 0), over all training examples, is removed, h − u·uᵀ(h − mean(h)), and a linear probe learns the
 * aggregate of trusted examples from what is left. Score: probe logit.
 *
 * The means are taken in one pass and then stay. What naive training on the measurements leans on most is gone, so the
 * probe has to find another trace of the outcome. Defaults: the last layer, where the heads read; L2 strength chosen by
 * cross-validation, see {@link ProbeOptions}. Any other layer loses its own direction. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const pace: Technique<ProbeOptions> = {
  id: 'pace',
  title: 'PACE (amnesic probing)',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: probeOptions.extend({
    layer: z
      .union([z.enum(['chosen', 'last']), z.int().min(0)])
      .default('last')
      .describe('Layer to probe, 0 = embedding; chosen = by cross-validated AUROC on the probe’s own target'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(pace, view);
    const model = withoutAggregateDirection('pace', context.predictor, view, context);
    return fitProbe(model, trustedTask('pace', view), options, context);
  },
};
