import type { MetricId } from '../core/estimates.ts';
import type { WeakRow, WeakToStrongView } from './report-view.ts';

/** A column of the weak-to-strong table. */
export interface WeakColumn {
  readonly metric: MetricId;
  readonly title: string;
  /** For narrow terminals. */
  readonly short: string;
  /** Whether it is a difference, shown with its sign and corrected p-value. */
  readonly isDifference: boolean;
}

/** Metrics over all untrusted examples, from the most telling to the least. */
const known = [
  ['ground-truth-auroc', 'AUROC', 'AUROC'],
  ['difference-to-naive', 'Difference', 'difference'],
  ['pgr-auroc', 'PGR', 'PGR'],
  ['ground-truth-accuracy', 'Accuracy', 'accuracy'],
  ['differential-elicitation', 'Differential elicitation', 'elicited'],
  ['accuracy-difference-to-naive', 'Accuracy difference', 'acc. diff.'],
  ['pgr-accuracy', 'PGR on accuracy', 'PGR acc.'],
  ['supervisor-agreement', 'Agreement with the weak labels', 'agreement'],
  ['difference-to-weak', 'Difference to the weak labels', 'to weak'],
  ['accuracy-difference-to-weak', 'Accuracy difference to the weak labels', 'acc. to weak'],
  ['rms-calibration-error', 'RMS calibration error', 'RMS cal.'],
  ['rms-calibration-error-published', 'The same as published', 'published'],
] as const satisfies readonly (readonly [MetricId, string, string])[];

export const weakMetrics: readonly MetricId[] = known.map(([metric]) => metric);

/** The columns for which some of `rows` has a result. */
export function weakColumns({ naive }: Pick<WeakToStrongView, 'naive'>, rows: readonly WeakRow[]): WeakColumn[] {
  return known
    .filter(([metric]) => rows.some(({ cells }) => cells.has(metric)))
    .map(([metric, title, short]) => {
      const to = metric.endsWith('difference-to-naive') && naive !== null ? ` to ${naive}` : '';
      return { metric, title: `${title}${to}`, short, isDifference: metric.includes('difference-to') };
    });
}
