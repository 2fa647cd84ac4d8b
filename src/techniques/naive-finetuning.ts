import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { hardLabels, weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link naiveFinetuning}. */
export interface NaiveOptions extends WeakOptions {
  /** The weak labels as probabilities, or made 0 and 1 at a half. @default 'soft' */
  readonly labels: 'soft' | 'hard';
}

/**
 * Naive weak-to-strong finetuning: the pretrained model finetuned on weak labels p of all training examples that have
 * one, loss mean CE(σ(z), p) = −mean p·log σ(z) + (1 − p)·log(1 − σ(z)). Score: aggregate logit.
 *
 * The naive student of PGR: what a strong model makes of weak labels when nothing is done about their errors.
 * Defaults: the config's finetuning recipe in batches of 64, soft labels. Source: methods.md 3.5, 3.6 (xent); arXiv 2312.09390.
 */
export const naiveFinetuning: Technique<NaiveOptions> = {
  id: 'naive-finetuning',
  title: 'Naive weak-to-strong finetuning',
  source: 'methods.md 3.5, 3.6; arXiv 2312.09390',
  role: 'baseline',
  needs: { structures: [] },
  options: weakOptions.extend({
    labels: z
      .enum(['soft', 'hard'])
      .default('soft')
      .describe('Weak labels as probabilities, or made 0 and 1 at a half'),
  }),
  calibrated: true,
  finetunesOn: categories,
  fit: async ({ examples }, options, context) => {
    const soft = weakTask('naive-finetuning', examples);
    const task = options.labels === 'hard' ? hardLabels(soft) : soft;
    return fitStudent(context.pretrained, task, options, context);
  },
};
