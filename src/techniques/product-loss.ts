import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { productTargets } from './shared/product-targets.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link productLoss}. */
export interface ProductOptions extends WeakOptions {
  /** Exponent of the weak label. @default 1 */
  readonly alpha: number;
  /** Exponent of the student's own probability. @default 1 */
  readonly beta: number;
}

/**
 * Product loss: cross-entropy to targets t ∝ σ(z)^beta · p^alpha, held fixed, so that a student and its supervisor who
 * agree make each other surer. Score: aggregate logit.
 *
 * Labels of 0 and 1, such as aggregate measurements, overrule the student: there it is `naive-finetuning`.
 * Defaults: alpha 1, beta 1. Source: methods.md 3.6 (product); openai/weak-to-strong.
 */
export const productLoss: Technique<ProductOptions> = {
  id: 'product-loss',
  title: 'Product loss',
  source: 'methods.md 3.6; openai/weak-to-strong',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions.extend({
    alpha: z.number().min(0).default(1).describe('Exponent of the weak label'),
    beta: z.number().min(0).default(1).describe('Exponent of the student’s own probability'),
  }),
  calibrated: true,
  finetunesOn: categories,
  fit: async ({ examples }, options, context) =>
    fitStudent(context.pretrained, weakTask('product-loss', examples), options, context, (batch) => ({
      targets: productTargets(batch, options.alpha, options.beta),
    })),
};
