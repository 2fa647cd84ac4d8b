import type { JudgedExample, RunRecord, ScoreRow } from '../core/records.ts';

/** What a report is made of: the record, the scores of the judged examples and the examples themselves. */
export interface ReportInput {
  readonly record: RunRecord;
  readonly scores: readonly ScoreRow[];
  readonly examples: readonly JudgedExample[];
}
