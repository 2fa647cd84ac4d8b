import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { evidenceTask } from './shared/evidence-task.ts';
import { type FinetuningOptions, finetuningOptions, fitHead } from './shared/finetuning.ts';

/** Hyperparameters of {@link evidenceFinetuning}. */
export interface EvidenceFinetuningOptions extends FinetuningOptions {
  /** Whose weights to start from. @default 'predictor' */
  readonly start: 'predictor' | 'pretrained';
}

/**
 * The question of `evidence-probe` asked of all weights: loss BCE(trusted) on trusted and untrusted inconsistent
 * examples, through the aggregate head. Score: that head's logit, of "trusted rather than inconsistent", hence not
 * calibrated.
 *
 * Defaults: 2 epochs at 3e-4 from the measurement predictor. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const evidenceFinetuning: Technique<EvidenceFinetuningOptions> = {
  id: 'evidence-finetuning',
  title: 'Evidence finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  options: finetuningOptions({ epochs: 2, learningRate: 3e-4 }).extend({
    start: z.enum(['predictor', 'pretrained']).default('predictor').describe('Whose weights to start from'),
  }),
  calibrated: false,
  finetunesOn: ['trusted-positive', 'trusted-negative', 'inconsistent'],
  async fit(view, options, context) {
    requireNeeds(evidenceFinetuning, view);
    const task = evidenceTask('evidence-finetuning', view);
    return fitHead(context[options.start], 'aggregate', task, options, context);
  },
};
