/**
 * One question with its two answers, each to be appended to the prompt: "no" or "false" against "yes" or "true", or two
 * candidate responses. Ground truth is whether the positive one is right (of two candidates: the better).
 */
export interface ContrastPair {
  readonly prompt: string;
  readonly negative: string;
  readonly positive: string;
}

/** What anybody in an experiment may see of an example: the input. */
export interface Input {
  /** Unique in its dataset and silent about the example's category. */
  readonly id: string;
  readonly text: string;
  /** The question behind the text as contrast pairs, one per wording; every example of a dataset has as many, or none. */
  readonly pairs?: readonly ContrastPair[];
}

/** What supervision may see: the input, its measurements (null = masked) and whether nobody tampered with them. */
export interface SupervisedExample extends Input {
  readonly measurements: readonly (boolean | null)[];
  readonly trusted: boolean;
  /** P(outcome), in [0, 1], of each weak supervisor; absent where the measurements themselves are the supervision. */
  readonly weakLabels?: readonly number[];
  /** How hard the example is, higher = harder, on any scale that orders a dataset's examples. */
  readonly difficulty?: number;
  /** Whether a judge saw signs of tampering, where the dataset says so. */
  readonly tamperEvidence?: TamperEvidence;
}

/** A dataset's own word on tampering, which supervision may see. It is evidence, not ground truth. */
export interface TamperEvidence {
  readonly overall: boolean;
  /** One per measurement; null where it is masked. */
  readonly individual: readonly (boolean | null)[];
}

/** An example with its hidden outcome; only settings, the judge and declared ceilings hold these. */
export interface Example extends SupervisedExample {
  readonly groundTruth: boolean;
  /** Examples of one group must not be split between training and validation when splits are grouped. */
  readonly group?: string;
  /** What sort of example it is, e.g. how a program cheats; for reports only. */
  readonly kind?: string;
}

/** Whether all present measurements are positive. An example whose measurements are all masked has no aggregate: false. */
export function aggregateMeasurement(example: Pick<SupervisedExample, 'measurements'>): boolean {
  const present = example.measurements.filter((measurement) => measurement !== null);
  return present.length > 0 && present.every(Boolean);
}

/**
 * The weak label of an example, in [0, 1]: the mean of its weak supervisors' probabilities, else the aggregate
 * measurement as 0 or 1; null where every measurement is masked.
 */
export function weakLabel(example: Pick<SupervisedExample, 'measurements' | 'weakLabels'>): number | null {
  const { weakLabels, measurements } = example;
  if (weakLabels !== undefined && weakLabels.length > 0) {
    return weakLabels.reduce((sum, label) => sum + label, 0) / weakLabels.length;
  }
  if (measurements.every((measurement) => measurement === null)) return null;
  return Number(aggregateMeasurement(example));
}

/** Whether some present measurements are positive and some negative. */
export function isInconsistent(example: Pick<SupervisedExample, 'measurements'>): boolean {
  return example.measurements.includes(true) && example.measurements.includes(false);
}

/** The categories that counts and charts speak of; real and fake positives are untrusted by definition. */
export const categories = [
  'trusted-positive',
  'trusted-negative',
  'real-positive',
  'fake-positive',
  'fake-negative',
  'inconsistent',
  'all-negative',
] as const;
export type Category = (typeof categories)[number];

/** The category of an example; each example has exactly one. A fake negative has the outcome but some negative measurement. */
export function categoryOf(example: Example): Category {
  const positive = aggregateMeasurement(example);
  if (example.groundTruth && !positive) return 'fake-negative';
  if (example.trusted) return positive ? 'trusted-positive' : 'trusted-negative';
  if (positive) return example.groundTruth ? 'real-positive' : 'fake-positive';
  return isInconsistent(example) ? 'inconsistent' : 'all-negative';
}
