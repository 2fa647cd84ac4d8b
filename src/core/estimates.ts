/** A reported number with what is needed to doubt it. */
export interface DefinedEstimate {
  readonly value: number;
  /** Ends of the interval at `level`; may coincide with `value` when nothing varies. */
  readonly lower: number;
  readonly upper: number;
  /** Coverage of the interval, e.g. 0.95. */
  readonly level: number;
  /** How many examples (or, for `seed: "all"`, examples pooled over seeds) the value rests on. */
  readonly n: number;
  /** How the interval was made, e.g. `delong`, `bootstrap-examples`, `wilson`. */
  readonly method: string;
}

/** What cannot be computed, and why; never 0, NaN or null. */
export interface UndefinedEstimate {
  readonly undefined: string;
}

export type Estimate = DefinedEstimate | UndefinedEstimate;

export function isDefined(estimate: Estimate): estimate is DefinedEstimate {
  return !('undefined' in estimate);
}

export const metricIds = [
  'real-vs-fake-auroc',
  'measurement-auroc',
  'average-precision',
  'tpr-at-fpr-0.01',
  'tpr-at-fpr-0.05',
  'accuracy',
  'brier',
  'pgr',
  'difference-to-baseline',
  'difference-to-surface',
  'ground-truth-auroc',
  'ground-truth-accuracy',
  'supervisor-agreement',
  'pgr-auroc',
  'pgr-accuracy',
  'difference-to-naive',
  'accuracy-difference-to-naive',
  'difference-to-weak',
  'accuracy-difference-to-weak',
  'differential-elicitation',
  'rms-calibration-error',
  'rms-calibration-error-published',
  'structure-advantage',
] as const;
export type MetricId = (typeof metricIds)[number];
