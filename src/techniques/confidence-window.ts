import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { quantile } from '../stats/quantile.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { type WeakTask, weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';
import { windowWeights } from './shared/window-weights.ts';

/** Hyperparameters of {@link confidenceWindow}. */
export interface WindowOptions extends WeakOptions {
  /** Half width of the window about 1/2; `midweak`: the median of |p − 1/2| over the weak labels. @default 0.15 */
  readonly radius: number | 'midweak';
}

/**
 * Confidence window: weak labels teach only where the student is unsure,
 * loss = (1/B) Σ over max(q, 1 − q) < 1/2 + radius of CE(q, p), with q = σ(z). Score: aggregate logit.
 *
 * What the student is sure of stays out of its supervisor's reach, so probabilities keep close to 1/2 ± radius; a radius
 * above 1/2, and `midweak` on labels of 0 and 1, which is 1/2, masks (next to) nothing.
 * Defaults: radius 0.15. Source: methods.md 4.3 (window).
 */
export const confidenceWindow: Technique<WindowOptions> = {
  id: 'confidence-window',
  title: 'Confidence window',
  source: 'methods.md 4.3; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions.extend({
    radius: z
      .union([z.number().positive(), z.literal('midweak')])
      .default(0.15)
      .describe('Half width of the window about 1/2; midweak = median distance of the weak labels from 1/2'),
  }),
  calibrated: true,
  finetunesOn: categories,
  fit: async ({ examples }, options, context) => {
    const task = weakTask('confidence-window', examples);
    const radius = options.radius === 'midweak' ? midweak(task) : options.radius;
    const fitted = await fitStudent(context.pretrained, task, options, context, (batch) => ({
      targets: batch.labels,
      weights: windowWeights(batch, radius),
    }));
    return { ...fitted, details: { ...fitted.details, radius } };
  },
};

/** Median distance of the weak labels from 1/2; 1/2 when there are none, which the training then refuses. */
function midweak({ labels }: WeakTask): number {
  const distances = labels.map((label) => Math.abs(label - 0.5));
  return distances.length === 0 ? 0.5 : quantile(distances, 0.5);
}
