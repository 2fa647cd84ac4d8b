import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type EarlyStoppingOptions, earlyStoppingOptions, fitStopped } from './shared/early-stopping.ts';
import { outcomeOf } from './shared/outcome-of.ts';
import { weakTask } from './shared/weak-task.ts';

/**
 * Ceiling of early stopping: as `early-stopping`, except that the kept weights are those of the lowest cross-entropy to
 * the ground truth of the held-out examples; it still trains on weak labels. Score: aggregate logit.
 *
 * What it gains over `naive-finetuning` is what overfitting to weak errors costs. Defaults: as `early-stopping`.
 * Source: methods.md 3.7; arXiv 2312.09390.
 */
export const earlyStoppingCeiling: Technique<EarlyStoppingOptions> = {
  id: 'early-stopping-ceiling',
  title: 'Early stopping on ground truth',
  source: 'methods.md 3.7; arXiv 2312.09390',
  role: 'ceiling',
  needs: { structures: [], groundTruth: true },
  options: earlyStoppingOptions,
  calibrated: true,
  finetunesOn: categories,
  async fit(view, options, context) {
    requireNeeds(earlyStoppingCeiling, view);
    return fitStopped(weakTask('early-stopping-ceiling', view.examples), options, context, (held) => ({
      ...held,
      labels: Float64Array.from(held.examples, ({ id }) => Number(outcomeOf(view, id))),
    }));
  },
};
