import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { confidenceTargets } from './shared/confidence-targets.ts';
import { type SelfOptions, selfOptions } from './shared/self-options.ts';
import { fitSelfTraining } from './shared/self-training.ts';

/**
 * Auxiliary confidence loss: a student of weak labels that is also taught its own hardened answers, so that it may
 * disagree with errors of its supervisor. With s the share of steps taken,
 *
 *   loss = mean (1 − c)·CE(σ(z), p) + c·CE(σ(z), hardened),   c = maxWeight · g(s),   g(s) = min(1, s / warmup)
 *
 * where `hardened` calls as large a share of the batch positive as the weak labels do, see `hardenedAnswers`.
 * Score: aggregate logit. Defaults: maxWeight 0.5 and a linear ramp over the first 0.2 of the steps, as in the paper; the
 * open code has 0.1 and, by a fault, jumps from there to the full weight, which `ramp: 'published-jump'` reproduces.
 * Source: methods.md 3.6 (logconf), 18.1; arXiv 2312.09390.
 */
export const confidenceLoss: Technique<SelfOptions> = {
  id: 'confidence-loss',
  title: 'Confidence loss',
  source: 'methods.md 3.6; arXiv 2312.09390',
  role: 'technique',
  needs: { structures: [] },
  options: selfOptions,
  calibrated: true,
  finetunesOn: categories,
  fit: async (view, options, context) => fitSelfTraining('confidence-loss', view, options, context, confidenceTargets),
};
