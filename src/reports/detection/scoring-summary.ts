import type { AlarmSummary } from '../../core/detection.ts';
import type { Suspect } from './detection-view.ts';

/** What a saved detector said of new data, in little: the rows are in a file. */
export interface ScoringSummary {
  readonly kind: 'scoring';
  readonly schemaVersion: 1;
  readonly data: {
    readonly name: string;
    readonly rows: number;
    readonly rejected: number;
    /** Examples without any measurement: they have a score, and claim nothing. */
    readonly unmeasured: number;
  };
  readonly detector: {
    readonly model: string;
    /** Name of the data that it was trained and calibrated on. */
    readonly trainedOn: string;
    /** The first one sets the alarm. */
    readonly techniques: readonly string[];
  };
  readonly alarm: AlarmSummary;
  /** The most suspicious, with the beginnings of their texts. */
  readonly suspects: readonly Suspect[];
}
