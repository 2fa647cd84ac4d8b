import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type FinetuningOptions, finetuningOptions, fitHead, restoreHead } from './shared/finetuning.ts';
import { trustedTask } from './shared/trusted-task.ts';

/**
 * Baseline: the pretrained model finetuned on trusted examples alone, loss BCE(aggregate). Score: aggregate logit.
 *
 * Nothing tampered with is ever seen, and nothing is learned from the untrusted examples either.
 * Defaults: 12 epochs at 1e-3, since it starts from scratch. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const trustedFinetuning: Technique<FinetuningOptions> = {
  id: 'trusted-finetuning',
  title: 'Trusted finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'baseline',
  needs: { structures: ['trusted-subset'] },
  options: finetuningOptions({ epochs: 12, learningRate: 1e-3 }),
  calibrated: true,
  finetunesOn: ['trusted-positive', 'trusted-negative'],
  async fit(view, options, context) {
    requireNeeds(trustedFinetuning, view);
    const task = trustedTask('trusted-finetuning', view);
    return fitHead(context.pretrained, 'aggregate', task, options, context);
  },
  restore: restoreHead,
};
