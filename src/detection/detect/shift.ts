import type { Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { ObservedCategory } from '../../core/own-data.ts';
import { decision } from '../../solvers/logistic-regression.ts';
import { fitHead, type LinearHead } from '../features/feature-head-fit.ts';

/** A linear map of the predictor's last layer whose logit says "untrusted rather than trusted". */
export type Shift = LinearHead;

/** Fewer examples of either kind leave the difference to chance. */
export const leastForShift = 20;

export interface ShiftExamples {
  readonly inputs: readonly Input[];
  readonly categories: readonly ObservedCategory[];
}

/**
 * What tells untrusted from trusted examples among those whose measurements are all negative (or positive), by a
 * regularised logistic regression. Undefined with fewer than 20 of either.
 */
export async function fitShift(
  predictor: StrongModel,
  { inputs, categories }: ShiftExamples,
  sign: 'positive' | 'negative',
  threads: number,
): Promise<Shift | undefined> {
  const rows = (whose: string) => [...inputs.keys()].filter((i) => categories[i] === `${whose}-${sign}`);
  const [trusted, untrusted] = [rows('trusted'), rows('untrusted')];
  if (trusted.length < leastForShift || untrusted.length < leastForShift) return undefined;
  const asked = [...trusted, ...untrusted];
  const features = await predictor.activations(
    asked.map((i) => inputs[i] as Input),
    predictor.layers,
  );
  const targets = Float64Array.from(asked, (_, k) => Number(k >= trusted.length));
  // Both kinds count the same: only how the ratio varies from example to example matters.
  const weights = targets.map((target) => 1 / (target === 1 ? untrusted.length : trusted.length));
  // As many examples as two kinds of one size would need to say as much.
  const effective = (4 * trusted.length * untrusted.length) / asked.length;
  return fitHead(features, targets, weights, { threads, l2: features.columns / (8 * effective) });
}

/** The shift's logits, (n). */
export async function shiftLogits(
  predictor: StrongModel,
  shift: Shift,
  inputs: readonly Input[],
): Promise<Float64Array> {
  return decision(await predictor.activations(inputs, predictor.layers), shift);
}

/** A weight says at most so many times more or less than a common example's. */
const mostWeight = 20;

/** Likelihood ratios of untrusted to trusted examples by the shift's logits, within 1/20 to 20. */
export function weightsOf(logits: Float64Array): Float64Array {
  const most = Math.log(mostWeight);
  return logits.map((logit) => Math.exp(Math.min(most, Math.max(-most, logit))));
}
