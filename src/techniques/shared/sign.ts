import { isDefined } from '../../core/estimates.ts';
import { fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { auroc } from '../../stats/auroc.ts';
import { requireBothLabels, type WeakTask } from './weak-task.ts';

/** raw score ↦ slope · raw + offset. */
export interface SignedScale {
  readonly slope: number;
  readonly offset: number;
  /** What was seen on the way, for the record. */
  readonly details: Readonly<Record<string, boolean | number>>;
}

/** Keeps the slope finite where the labels are separated by the score. */
const l2 = 1e-4;

/**
 * Which end of an unsupervised direction is true, from labels that supervision may see. The score is turned so that its
 * AUROC against label > 1/2 is at least 0.5; then, with `platt`, slope and offset come from logistic regression of the
 * labels on it, unless that slope would turn it back. Inverted labels therefore give an inverted score: unlike the
 * published max(accuracy, 1 − accuracy), which reads the sign off the ground truth of the examples that it is judged
 * on and is not offered (methods.md 18.8), this never sees hidden labels.
 *
 * @param raw (n) Score of each of the task's examples.
 * @throws UserError `too-few-examples` when all labels are on one side of 1/2.
 */
export async function resolveSign(task: WeakTask, raw: Float64Array, platt: boolean): Promise<SignedScale> {
  requireBothLabels(task);
  const positives = Array.from(task.labels, (label) => label > 0.5);
  const agreement = auroc(raw, positives);
  if (!isDefined(agreement)) throw new Error(agreement.undefined);
  const flipped = agreement.value < 0.5;
  const sign = flipped ? -1 : 1;
  const seen = { flipped, signExamples: raw.length, signAuroc: Math.max(agreement.value, 1 - agreement.value) };
  const unscaled = { slope: sign, offset: 0, details: seen };
  if (!platt) return unscaled;
  const turned = { rows: raw.length, columns: 1, data: Float32Array.from(raw, (score) => sign * score) };
  const { weights, bias } = await fitLogisticRegression(matrixRows(turned), task.labels, { l2, standardize: true });
  const slope = weights[0] as number;
  if (!(slope > 0)) return unscaled;
  return { slope: sign * slope, offset: bias, details: { ...seen, plattSlope: slope, plattOffset: bias } };
}
