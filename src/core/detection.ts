import type { Answer, DataSummary, LabelledEstimate } from './inspection.ts';
import type { ObservedCategory } from './own-data.ts';

/** What a detection says of one example. */
export interface DetectionRow {
  readonly id: string;
  readonly category: ObservedCategory;
  /** Of the technique that sets the alarm, in deviations from the mean of its fold's positives; higher = more likely real. */
  readonly score: number;
  /** Scores of further techniques, by id. */
  readonly further: Readonly<Record<string, number>>;
  /**
   * Conformal p-value in (0, 1] of "this is as real as trusted positives are"; small = suspicious. Only untrusted positives
   * claim to be real, so others have none.
   */
  readonly pValue: number | null;
  /** Of untrusted positives by suspicion, 1 = most suspicious. */
  readonly rank: number | null;
  readonly flagged: boolean;
}

/** How the alarm is set. */
export interface AlarmSummary {
  /** Chosen rate of false alarms among real positives, or with `benjamini-hochberg` the share of false alarms among alarms. */
  readonly rate: number;
  readonly correction: 'none' | 'benjamini-hochberg';
  /** Whether p-values are weighted for the shift between trusted and untrusted positives. */
  readonly weighted: boolean;
  /** Trusted positives that the p-values rest on, all folds together. */
  readonly calibrationExamples: number;
  /** No p-value without weights can be smaller: with few trusted positives a low rate cannot raise an alarm at all. */
  readonly smallestPValue: number;
  readonly flagged: number;
  readonly untrustedPositives: number;
}

/** How far "trusted positives are exchangeable with untrusted real positives" may be believed. */
export interface ExchangeabilityFinding {
  readonly answer: Answer;
  readonly text: string;
  readonly estimates: readonly LabelledEstimate[];
}

/** What `touchstone detect` found: everything but the rows. */
export interface DetectionRecord {
  readonly kind: 'detection';
  readonly schemaVersion: 1;
  readonly data: DataSummary;
  readonly model: string;
  /** The first one sets the alarm. */
  readonly techniques: readonly { readonly id: string; readonly title: string; readonly source: string }[];
  /** Why that technique, in a sentence. */
  readonly choice: string;
  readonly alarm: AlarmSummary;
  readonly exchangeability: ExchangeabilityFinding;
  /** Against ground truth where the user gave it for untrusted positives; absent otherwise. */
  readonly judged?: readonly LabelledEstimate[];
  readonly seed: number;
  readonly notes: readonly string[];
}
