import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { StrongModel } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { ModelSize, Technique, TechniqueContext } from '../core/techniques.ts';
import { chainSizes } from './shared/chain-sizes.ts';
import { withPredictedLabels } from './shared/predicted-labels.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { partOfTask, requireBothLabels, type WeakTask, weakTask } from './shared/weak-task.ts';
import { fittedStudent, lossExtras, studentDetails, trainStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link bootstrapping}. */
export interface BootstrappingOptions extends WeakOptions {
  /** Sizes of the students before the last, weakest first; `between`: two, at 1/2 and 3/4 of the strong model's. @default 'between' */
  readonly sizes: 'between' | readonly { readonly width: number; readonly layers: number }[];
}

/**
 * Bootstrapping: a chain of ever stronger students M_1 … M_n, the last one the strong model. M_1 learns from weak labels,
 * M_{i+1} from the soft predictions of M_i, so no hop spans the whole gap. Score: M_n's aggregate logit.
 *
 * The weakly labelled examples are split at random into two halves, which take turns: a student is trained on one and
 * labels the other, so no hop labels what it was trained on. Each student thus sees half as many examples as
 * `naive-finetuning`. Defaults: two students between. Source: methods.md 3.7; arXiv 2312.09390.
 */
export const bootstrapping: Technique<BootstrappingOptions> = {
  id: 'bootstrapping',
  title: 'Bootstrapping',
  source: 'methods.md 3.7; arXiv 2312.09390',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions.extend({
    sizes: z
      .union([z.literal('between'), z.array(z.strictObject({ width: z.int().min(1), layers: z.int().min(1) })).min(1)])
      .default('between')
      .describe('Sizes of the students before the last; between = two, at 1/2 and 3/4 of the strong model’s'),
  }),
  calibrated: true,
  finetunesOn: categories,
  // Students see half of the examples each, and all but the last are smaller, so this is on the safe side.
  finetunings: ({ sizes }) => Array.from({ length: Math.ceil((1 + hopsBetween(sizes)) / 2) }, () => categories),
  async fit({ examples }, options, context) {
    const halves = halvesOf(weakTask('bootstrapping', examples), context.seed);
    const sizes = options.sizes === 'between' ? chainSizes(context.pretrained, 2) : options.sizes;
    requireBothLabels(halves[0], options.balance);
    let task = halves[0];
    let student = await trainHop(await openHop(sizes[0], context), task, options, context);
    for (let hop = 1; hop <= sizes.length; hop++) {
      task = await withPredictedLabels(halves[hop % 2] as WeakTask, student);
      student = await trainHop(await openHop(sizes[hop], context), task, options, context);
    }
    return fittedStudent(student, { ...studentDetails(task, options), ...chainDetails(sizes, halves) });
  },
};

function hopsBetween(sizes: BootstrappingOptions['sizes']): number {
  return sizes === 'between' ? 2 : sizes.length;
}

/** A random half of a task and the rest of it. */
function halvesOf(task: WeakTask, seed: number): readonly [WeakTask, WeakTask] {
  const rows = createRng(seed, 'bootstrapping').shuffle(Array.from(task.examples, (_, row) => row));
  const middle = Math.ceil(rows.length / 2);
  return [partOfTask(task, rows.slice(0, middle)), partOfTask(task, rows.slice(middle))];
}

/** A fresh model of a size, or the strong one after the last size. */
async function openHop(
  size: ModelSize | undefined,
  { createModel, pretrained }: TechniqueContext,
): Promise<StrongModel> {
  return size === undefined ? pretrained : createModel(size);
}

function trainHop(start: StrongModel, task: WeakTask, options: WeakOptions, context: TechniqueContext) {
  return trainStudent(start, task, options, context, lossExtras(start, task, options.balance));
}

/** Width, layers and number of examples of each hop before the last. */
function chainDetails(sizes: readonly ModelSize[], halves: readonly WeakTask[]) {
  return {
    hops: sizes.length + 1,
    widths: sizes.map(({ width = 0 }) => width),
    layers: sizes.map(({ layers = 0 }) => layers),
    hopExamples: [...sizes, undefined].map((_, hop) => halves[hop % 2]?.examples.length ?? 0),
  };
}
