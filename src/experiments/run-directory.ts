import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, UserError } from '../core/errors.ts';
import { type RunRecord, type ScoreRow, schemaVersion } from '../core/records.ts';
import { sweepUnfinished, writeWhole } from '../core/write-whole.ts';
import { asDiskFault } from './store.ts';
import { readScores, writeScores } from './tables.ts';

/** Writes `record.json` and `scores.parquet`, each whole or not at all. */
export async function writeRun(directory: string, record: RunRecord, scores: readonly ScoreRow[]): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await sweepUnfinished(directory);
    await writeScores(join(directory, 'scores.parquet'), scores);
    await writeWhole(join(directory, 'record.json'), `${JSON.stringify(record, null, 2)}\n`);
  } catch (error) {
    throw asDiskFault(error, directory);
  }
}

/**
 * The record of a finished run.
 * @throws UserError when the directory holds no run, a damaged one, or one that a newer or an older version wrote.
 */
export async function readRecord(directory: string): Promise<RunRecord> {
  const path = join(directory, 'record.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const next = 'Give the directory that "touchstone run" named, e.g. runs/<id>.';
    throw new UserError(
      'no-run',
      `Expected ${directory} to be the directory of a finished run, got no record.json in it. ${next}`,
    );
  }
  const record = parseRecord(text, path);
  refuseNewer(record, path);
  if (record.schemaVersion === schemaVersion) return record;
  const wanted = `Expected ${path} to have schemaVersion ${schemaVersion}`;
  const next = 'Run the same config again to write it anew; finished steps that still count are kept.';
  throw new UserError('older-schema', `${wanted}, got ${record.schemaVersion}: an older version wrote it. ${next}`);
}

function refuseNewer(record: RunRecord, path: string): void {
  if (record.schemaVersion <= schemaVersion) return;
  const wanted = `Expected ${path} to have schemaVersion ${schemaVersion} or lower`;
  const next = 'Update touchstone to read it, or choose another --out.';
  throw new UserError('newer-schema', `${wanted}, got ${record.schemaVersion}: a newer version wrote it. ${next}`);
}

/** Every technique's scores of a finished run. */
export async function readRunScores(directory: string): Promise<ScoreRow[]> {
  return readScores(join(directory, 'scores.parquet'));
}

/** Refuses to write over the run of a newer version. A directory without a readable record is fine. */
export async function checkWritable(directory: string): Promise<void> {
  const path = join(directory, 'record.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) refuseNewer(parseRecord(text, path), path);
}

function parseRecord(text: string, path: string): RunRecord {
  try {
    const record = JSON.parse(text) as RunRecord;
    if (typeof record.schemaVersion === 'number') return record;
  } catch {
    // The message below covers both.
  }
  const next = 'Run the same config again to write it anew.';
  throw new UserError(
    'damaged-record',
    `Expected ${path} to be a run record, got ${describe(text.slice(0, 60))}. ${next}`,
  );
}
