import type { DetectionRow } from '../../core/detection.ts';
import { UserError } from '../../core/errors.ts';
import type { OwnExample } from '../../core/own-data.ts';
import type { AlarmOptions, Detector } from './detector.ts';
import { requireRate } from './p-values.ts';

export interface ScoreRowsOptions extends AlarmOptions {
  /** Examples in memory at a time, at least 1. @default 256 */
  readonly batch?: number;
  /** Told the number of rows scored so far. */
  readonly onRows?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Scores examples as they come, in memory that does not depend on their number. `rank` is null, since the last example may
 * be the most suspicious.
 * @throws UserError (`needs-all-rows`) for `benjamini-hochberg`, which cannot decide before the last row; (`bad-alarm`) for a
 *   rate outside (0, 1).
 */
export async function* scoreRows(
  detector: Detector,
  rows: AsyncIterable<OwnExample> | Iterable<OwnExample>,
  options: ScoreRowsOptions = {},
): AsyncGenerator<DetectionRow> {
  const { batch = 256, signal, onRows } = options;
  const { alarm = detector.config.alarm, correction = detector.config.correction } = options;
  if (correction !== 'none') {
    const message = 'Expected the correction to be none for rows that are scored as they come, got benjamini-hochberg.';
    throw new UserError('needs-all-rows', `${message} Choose none, or give all rows at once to the detector's score.`);
  }
  requireRate(alarm);
  let done = 0;
  for await (const examples of batchesOf(rows, batch)) {
    signal?.throwIfAborted();
    for (const row of await detector.scoreBatch(examples)) {
      yield { ...row, rank: null, flagged: row.pValue !== null && row.pValue <= alarm };
    }
    done += examples.length;
    onRows?.(done);
  }
}

async function* batchesOf<T>(rows: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
