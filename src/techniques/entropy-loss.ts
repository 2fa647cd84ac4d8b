import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { entropyTargets } from './shared/entropy-targets.ts';
import { type SelfOptions, selfOptions } from './shared/self-options.ts';
import { fitSelfTraining } from './shared/self-training.ts';

/**
 * The confidence loss with the student's soft answers in the place of the hardened ones:
 * loss = mean (1 − c)·CE(σ(z), p) + c·CE(σ(z), stopgrad σ(z)), c = maxWeight · g(s) as there. Score: aggregate logit.
 *
 * Answers held fixed pull at themselves with no force: the gradient is (1 − c)·(σ(z) − p), that of `naive-finetuning`
 * scaled down as the ramp comes in, which AdamW, whose steps do not know the gradient's scale, mostly undoes.
 * Defaults: maxWeight 0.5, a linear ramp over the first 0.2 of the steps. Source: methods.md 4.3 (entropy).
 */
export const entropyLoss: Technique<SelfOptions> = {
  id: 'entropy-loss',
  title: 'Entropy loss',
  source: 'methods.md 4.3; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: selfOptions,
  calibrated: true,
  finetunesOn: categories,
  fit: async (view, options, context) => fitSelfTraining('entropy-loss', view, options, context, entropyTargets),
};
