import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { categories, type SupervisedExample } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type StudentOptions, studentOptions } from './shared/student-options.ts';
import { mixedLabel, mixtureGradient, simplexWeights } from './shared/supervisor-mixture.ts';
import { requireBothLabels, weakTask } from './shared/weak-task.ts';
import { fittedStudent, lossExtras, studentDetails, trainStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link supervisorWeights}. */
export interface SupervisorWeightsOptions extends StudentOptions {
  /** Step length of gradient descent on the supervisors' weights a. @default 0.1 */
  readonly weightRate: number;
  /** Share of the steps for which all supervisors count alike, in [0, 1]. @default 0.2 */
  readonly warmup: number;
}

/**
 * Several weak supervisors, weighed while the student learns: its targets are t = Σ_k π_k·p_k, π = softmax(a), and after
 * each batch of cross-entropy L to them, besides the student's own step,
 *
 *   a_k ← a_k − weightRate · ∂L/∂a_k,   ∂L/∂a_k = −(1/B) Σ_i z_i·π_k·(p_ik − t_i),
 *
 * so a supervisor gains weight where it leans further than the mixture to the side that the student is on. The start,
 * a = 0, is the mean of the supervisors, `naive-finetuning`, and stays through the warm-up, since a student that knows
 * nothing yet cannot tell them apart. Score: aggregate logit; the record has the learned π.
 *
 * It trusts the student's first impression: supervisors that are wrong alike outvote one that is right.
 * Defaults: weightRate 0.1, warm-up over the first 0.2 of the steps. Source: methods.md 12 (RAVEN); arXiv 2510.21332.
 */
export const supervisorWeights: Technique<SupervisorWeightsOptions> = {
  id: 'supervisor-weights',
  title: 'Learned supervisor weights',
  source: 'methods.md 12; arXiv 2510.21332',
  role: 'technique',
  needs: { structures: ['several-supervisors'] },
  options: studentOptions.extend({
    weightRate: z.number().min(0).default(0.1).describe('Step length of gradient descent on the supervisors’ weights'),
    warmup: z.number().min(0).max(1).default(0.2).describe('Share of the steps for which all supervisors count alike'),
  }),
  calibrated: true,
  finetunesOn: categories,
  async fit(view, options, context) {
    requireNeeds(supervisorWeights, view);
    const task = weakTask('supervisor-weights', view.examples);
    requireBothLabels(task);
    const labels = labelsOfEach(task.examples);
    const learned = new Float64Array(labels[0]?.length ?? 0);
    const extras = lossExtras(context.pretrained, task, false, ({ rows, logits, share }) => {
      const seen = rows.map((row) => labels[row] as readonly number[]);
      const weights = simplexWeights(learned);
      if (share >= options.warmup) descend(learned, mixtureGradient(seen, logits, weights), options.weightRate);
      return { targets: seen.map((each) => mixedLabel(each, weights)) };
    });
    const student = await trainStudent(context.pretrained, task, options, context, extras);
    return fittedStudent(student, { ...studentDetails(task, options), weights: [...simplexWeights(learned)] });
  },
};

function descend(values: Float64Array, gradient: Float64Array, rate: number): void {
  gradient.forEach((g, k) => {
    (values[k] as number) -= rate * g;
  });
}

/** The supervisors' labels of each example, (n) of (K). */
function labelsOfEach(examples: readonly SupervisedExample[]): readonly (readonly number[])[] {
  const supervisors = examples[0]?.weakLabels?.length;
  return examples.map(({ id, weakLabels = [] }) => {
    if (weakLabels.length === supervisors) return weakLabels;
    const next = 'Let every weak supervisor label every example.';
    throw expected('uneven-supervisors', `example "${id}"`, `labelled ${supervisors} times`, weakLabels.length, next);
  });
}
