import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { groundTruthTask } from './shared/ground-truth-task.ts';
import { fitSurface, type SurfaceOptions, surfaceOptions } from './shared/surface.ts';

/**
 * Ceiling of the surface: logistic regression of ground truth on a bag of words, over untrusted examples with every
 * measurement positive; the strong model is not asked. It shows how much the words alone can tell.
 * Score: logit of real.
 *
 * Defaults: words, pairs of words and the penalty as in {@link SurfaceOptions}. Source: methods.md 13 (required controls).
 */
export const surfaceCeiling: Technique<SurfaceOptions> = {
  id: 'surface-ceiling',
  title: 'Surface ceiling',
  source: 'methods.md 13 and 11.3',
  role: 'ceiling',
  needs: { structures: ['untrusted-examples'], groundTruth: true },
  options: surfaceOptions,
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(surfaceCeiling, view);
    return fitSurface(groundTruthTask('surface-ceiling', view), options, context);
  },
};
