import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import { categories, type SupervisedExample } from '../core/examples.ts';
import type { Technique, TrainingView } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { outcomeLabels } from './shared/outcome-labels.ts';
import { type StudentOptions, studentOptions } from './shared/student-options.ts';
import { readTexts, type TextOptions, textOptions } from './shared/text-finetuning.ts';
import { weakTask } from './shared/weak-task.ts';
import { fittedStudent, studentDetails, trainStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link strongCeiling}. */
export interface CeilingOptions extends StudentOptions, TextOptions {
  /** Examples to train on: the student's, or the ones that the weak supervisor learned from. @default 'student' */
  readonly half: 'student' | 'supervisor';
}

/**
 * Strong ceiling: the pretrained model finetuned on ground truth by the recipe of `naive-finetuning`.
 * Score: aggregate logit.
 *
 * It learns from the student's own examples, so that the two differ in their labels alone. The published pipeline trains
 * it on the supervisor's half instead (methods.md 18.3), which `half: 'supervisor'` reproduces.
 * Defaults: the config's finetuning recipe in batches of 64, no reading of texts before. Source: methods.md 3.1, 3.3, 3.7; arXiv 2312.09390.
 */
export const strongCeiling: Technique<CeilingOptions> = {
  id: 'strong-ceiling',
  title: 'Strong ceiling',
  source: 'methods.md 3.1, 3.3; arXiv 2312.09390',
  role: 'ceiling',
  needs: { structures: [], groundTruth: true },
  options: studentOptions.extend({
    half: z
      .enum(['student', 'supervisor'])
      .default('student')
      .describe('Whose examples to train on; the supervisor’s, as published, are others than the student’s'),
    ...textOptions,
    textEpochs: textOptions.textEpochs.default(0),
  }),
  calibrated: true,
  ignoresMeasurements: true,
  finetunesOn: categories,
  finetunings: ({ textEpochs }) => (textEpochs > 0 ? [categories, categories] : [categories]),
  async fit(view, options, context) {
    requireNeeds(strongCeiling, view);
    const task = outcomeLabels('strong-ceiling', view, examplesOf(view, options.half));
    const start = await readTexts(context.pretrained, task.examples, options, context);
    const student = await trainStudent(start, task, options, context);
    return fittedStudent(student, { ...studentDetails(task, options), half: options.half });
  },
};

function examplesOf(view: TrainingView, half: CeilingOptions['half']): readonly SupervisedExample[] {
  // What nobody labelled, no student learns from.
  if (half === 'student') return weakTask('strong-ceiling', view.examples).examples;
  if (view.supervisorExamples !== undefined) return view.supervisorExamples;
  throw new UserError(
    'missing-supervisor-examples',
    'Expected the examples of a weak supervisor for strong-ceiling with half "supervisor", got none. ' +
      'Run it on a setting whose weak supervisor is trained, or set half to "student".',
  );
}
