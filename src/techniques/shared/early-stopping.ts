import { z } from 'zod';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { holdOut } from './hold-out.ts';
import { type WeakOptions, weakOptions } from './weak-options.ts';
import { partOfTask, requireBothLabels, type WeakTask } from './weak-task.ts';
import { fittedStudent, labelTargets, lossExtras, studentDetails, trainStudent } from './weak-to-strong.ts';

/** Hyperparameters of students whose training stops early. */
export interface EarlyStoppingOptions extends WeakOptions {
  /** Share of the weakly labelled examples to validate on instead of training on them. @default 0.1 */
  readonly share: number;
  /** Most examples to validate on. @default 1000 */
  readonly validationExamples: number;
  /** Validations per epoch. @default 10 */
  readonly validations: number;
  /** Stop after this many validations in a row without a lower loss. @default 10 */
  readonly patience: number;
}

/** Schema of {@link EarlyStoppingOptions}; 1,000 validation examples as in methods.md 4.2, which validates every 25 steps. */
export const earlyStoppingOptions = weakOptions.extend({
  share: z.number().positive().max(0.5).default(0.1).describe('Share of the examples to validate on'),
  validationExamples: z.int().min(1).default(1000).describe('Most examples to validate on'),
  validations: z.int().min(1).default(10).describe('Validations per epoch'),
  patience: z.int().min(1).default(10).describe('Stop after this many validations in a row without a lower loss'),
});

/**
 * A student of weak labels with the weights that had the lowest cross-entropy on held-out examples, to the labels that
 * `judgeBy` gives these.
 *
 * @throws UserError `too-few-examples` when the labels to train on are all on one side of 1/2.
 */
export async function fitStopped(
  task: WeakTask,
  options: EarlyStoppingOptions,
  context: TechniqueContext,
  judgeBy: (held: WeakTask) => WeakTask,
): Promise<FittedTechnique> {
  requireBothLabels(task, options.balance);
  const { share, validationExamples, validations, patience, batchSize, balance } = options;
  const parts = holdOut(task.examples.length, { share, atMost: validationExamples }, context.seed, 'early-stopping');
  const [train, held] = [partOfTask(task, parts.train), judgeBy(partOfTask(task, parts.held))];
  requireBothLabels(train, balance);
  const { pretrained } = context;
  const everySteps = Math.max(1, Math.round(Math.ceil(train.examples.length / batchSize) / validations));
  const validation = { data: labelTargets(pretrained, held), everySteps, patience };
  const extras = { ...lossExtras(pretrained, train, balance), validation };
  const student = await trainStudent(pretrained, train, options, context, extras);
  return fittedStudent(student, { ...studentDetails(train, options), heldOut: held.examples.length, everySteps });
}
