import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type FinetuningOptions, finetuningOptions, fitHead } from './shared/finetuning.ts';
import { groundTruthTask } from './shared/ground-truth-task.ts';

/**
 * Ceiling: the measurement predictor finetuned on the ground truth of untrusted examples with every measurement
 * positive, loss BCE(ground truth). Score: ground-truth logit; on the real-vs-fake metric this is the top of PGR.
 *
 * Defaults: 6 epochs at 3e-4. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const groundTruthFinetuning: Technique<FinetuningOptions> = {
  id: 'ground-truth-finetuning',
  title: 'Ground-truth finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'ceiling',
  needs: { structures: ['untrusted-examples'], groundTruth: true },
  options: finetuningOptions({ epochs: 6, learningRate: 3e-4 }),
  calibrated: true,
  finetunesOn: ['real-positive', 'fake-positive'],
  async fit(view, options, context) {
    requireNeeds(groundTruthFinetuning, view);
    const task = groundTruthTask('ground-truth-finetuning', view);
    return fitHead(context.predictor, 'ground-truth', task, options, context);
  },
};
