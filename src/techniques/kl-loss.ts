import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/**
 * Weak-to-strong finetuning by loss mean KL(p ‖ σ(z)) = mean CE(σ(z), p) − H(p). Score: aggregate logit.
 *
 * The entropy H(p) of the weak labels does not depend on the student, so the gradient is that of `naive-finetuning`,
 * σ(z) − p, and the student is the same bit for bit. It stands in the table so that nobody has to believe it.
 * Defaults: the config's finetuning recipe in batches of 64. Source: methods.md 4.3 (kl).
 */
export const klLoss: Technique<WeakOptions> = {
  id: 'kl-loss',
  title: 'KL loss',
  source: 'methods.md 4.3; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions,
  calibrated: true,
  finetunesOn: categories,
  fit: async ({ examples }, options, context) =>
    fitStudent(context.pretrained, weakTask('kl-loss', examples), options, context),
};
