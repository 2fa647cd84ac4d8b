import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { withPredictedLabels } from './shared/predicted-labels.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { requireBothLabels, type WeakTask, weakTask } from './shared/weak-task.ts';
import { fittedStudent, lossExtras, studentDetails, trainStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link strongToStrong}. */
export interface StrongToStrongOptions extends WeakOptions {
  /** How often a student is followed by another. @default 1 */
  readonly iterations: number;
}

/**
 * Strong to strong, a check on the others: a student is trained as in `naive-finetuning`, then a fresh pretrained model on that
 * student's soft predictions of the same examples, and so on. Score: the last student's aggregate logit.
 *
 * Nothing but smoothing is added to the weak labels, so what a technique gains over this is more than that.
 * Defaults: one iteration, thus two trainings. Source: methods.md 4.1 (s2s_iters), 4.5.
 */
export const strongToStrong: Technique<StrongToStrongOptions> = {
  id: 'strong-to-strong',
  title: 'Strong to strong',
  source: 'methods.md 4.1; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions.extend({
    iterations: z.int().min(1).default(1).describe('How often a student is followed by one trained on its predictions'),
  }),
  calibrated: true,
  finetunesOn: categories,
  finetunings: ({ iterations }) => Array.from({ length: 1 + iterations }, () => categories),
  async fit({ examples }, options, context) {
    const { pretrained } = context;
    const train = (task: WeakTask) =>
      trainStudent(pretrained, task, options, context, lossExtras(pretrained, task, options.balance));
    const weak = weakTask('strong-to-strong', examples);
    requireBothLabels(weak, options.balance);
    let student = await train(weak);
    for (let i = 0; i < options.iterations; i++) student = await train(await withPredictedLabels(weak, student));
    return fittedStudent(student, { ...studentDetails(weak, options), iterations: options.iterations });
  },
};
