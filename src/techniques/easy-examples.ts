import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { partOfTask, type WeakTask, weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link easyExamples}. */
export interface EasyOptions extends WeakOptions {
  /** Share of the examples of known difficulty to learn from, in (0, 1], the easiest. @default 0.25 */
  readonly share: number;
}

/**
 * Easy-to-hard: `naive-finetuning` on the easiest examples alone, where a weak supervisor is likeliest to be right;
 * the strong model carries it over to the hard ones. Score: aggregate logit.
 *
 * Examples without a weak label or a difficulty are left out; ties are kept in the order of the data.
 * Defaults: the easiest quarter, as the field's split of difficulty into quartiles has it. Source: methods.md 8.2, 3.5.
 */
export const easyExamples: Technique<EasyOptions> = {
  id: 'easy-examples',
  title: 'Easy examples',
  source: 'methods.md 8.2, 3.5',
  role: 'technique',
  needs: { structures: ['difficulty-order'] },
  options: weakOptions.extend({
    share: z.number().positive().max(1).default(0.25).describe('Share of the examples to learn from, the easiest'),
  }),
  calibrated: true,
  finetunesOn: categories,
  async fit(view, options, context) {
    requireNeeds(easyExamples, view);
    const task = easiest(weakTask('easy-examples', view.examples), options.share);
    const fitted = await fitStudent(context.pretrained, task, options, context);
    const hardest = task.examples.at(-1)?.difficulty ?? 0;
    return { ...fitted, details: { ...fitted.details, hardest } };
  },
};

/** The easiest `share` of a task's examples, rounded up, in rising difficulty. */
function easiest(task: WeakTask, share: number): WeakTask {
  const graded = task.examples.flatMap(({ difficulty }, row) =>
    difficulty === undefined ? [] : [{ difficulty, row }],
  );
  const order = graded.sort((a, b) => a.difficulty - b.difficulty);
  return partOfTask(
    task,
    order.slice(0, Math.ceil(share * order.length)).map(({ row }) => row),
  );
}
