import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type EvidenceOptions, evidenceCategories, evidenceOptions, evidenceTask } from './shared/evidence-task.ts';
import { type FinetuningOptions, finetuningOptions, fitHead, restoreHead } from './shared/finetuning.ts';

/** Hyperparameters of {@link evidenceFinetuning}. */
export interface EvidenceFinetuningOptions extends FinetuningOptions, EvidenceOptions {
  /** Whose weights to start from. @default 'predictor' */
  readonly start: 'predictor' | 'pretrained';
}

/**
 * The question of `evidence-probe` asked of all weights: loss BCE on trusted examples (target 1) and untrusted
 * ones with evidence of tampering (0), or on the examples that `examples` names, through the aggregate head. Score: that head's logit, of "trusted rather than inconsistent", hence not
 * calibrated.
 *
 * Defaults: 2 epochs at 3e-4 from the measurement predictor; examples and evidence see {@link EvidenceOptions}. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const evidenceFinetuning: Technique<EvidenceFinetuningOptions> = {
  id: 'evidence-finetuning',
  title: 'Evidence finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  options: finetuningOptions({ epochs: 2, learningRate: 3e-4 }).extend({
    ...evidenceOptions.shape,
    start: z.enum(['predictor', 'pretrained']).default('predictor').describe('Whose weights to start from'),
  }),
  calibrated: false,
  finetunesOn: evidenceCategories(evidenceOptions.parse({})),
  finetunings: (options) => [evidenceCategories(options)],
  async fit(view, options, context) {
    requireNeeds(evidenceFinetuning, view);
    const task = evidenceTask('evidence-finetuning', view, options);
    return fitHead(context[options.start], 'aggregate', task, options, context);
  },
  restore: restoreHead,
};
