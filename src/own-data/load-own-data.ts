import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { OwnData, OwnExample, RejectedRow } from '../core/own-data.ts';
import { createRejectLog, type RejectLog } from './create-reject-log.ts';
import { type OpenOwnRows, openOwnRows, type ReadOwnOptions } from './open-own-rows.ts';
import type { OwnDataConfig } from './own-data-config.ts';
import { isRejected } from './read-own-rows.ts';
import { joinMeasurements } from './test-reports/join-measurements.ts';

export interface LoadOwnOptions extends ReadOwnOptions {
  /** Where rejected rows are kept, JSON Lines; none rejected: no file. Left out: nowhere. */
  readonly rejectFile?: string;
  /** Told the rows read so far, every thousand. */
  readonly progress?: (rows: number) => void;
}

/**
 * A user's data, whole.
 * @throws UserError `too-many-rejects` when more rows than `maxRejected` are no examples, after the reject file is written;
 * `no-examples` when there are none; as `readOwnRows` besides.
 */
export async function loadOwnData(config: OwnDataConfig, options: LoadOwnOptions = {}): Promise<OwnData> {
  const { rejectFile, signal, ...reading } = options;
  const own = await openOwnRows(config, { ...reading, ...(signal && { signal }) });
  const { maxRejected } = config;
  const before = await timesOf(own.files);
  const log = createRejectLog({ maxRejected, ...(rejectFile !== undefined && { path: rejectFile }) });
  try {
    const { examples, rejected } = await gather(own, log, options);
    const rows = examples.length + rejected.length;
    own.requireColumns();
    await log.finish(rows);
    requireSome(config, examples.length, rows);
    const measurementNames = own.measurementNames();
    return {
      name: basename(resolve(config.data)),
      measurementNames,
      examples: examples.map(own.complete),
      rows,
      rejected,
      fingerprint: await digestOf(own.files, signal),
      notes: [
        ...notesOn(config, examples),
        ...notesOnReports(own, examples),
        ...notesOnChanges(own.files, before, await timesOf(own.files)),
      ],
    };
  } finally {
    await log.abandon();
  }
}

async function gather(own: OpenOwnRows, log: RejectLog, { progress }: LoadOwnOptions) {
  const examples: OwnExample[] = [];
  const rejected: RejectedRow[] = [];
  for await (const row of own.rows()) {
    if (isRejected(row)) {
      rejected.push(row);
      await log.add(row);
    } else examples.push(row);
    const rows = examples.length + rejected.length;
    if (rows % 1000 === 0) progress?.(rows);
    if (log.isHopeless(rows)) break;
  }
  return { examples, rejected };
}

function requireSome({ data }: OwnDataConfig, examples: number, rows: number): void {
  if (examples > 0) return;
  const got = rows === 0 ? 'no rows' : `none among ${rows} rows`;
  throw new UserError('no-examples', `Expected ${data} to hold examples, got ${got}. Check that it is the right file.`);
}

async function digestOf(files: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const digest = createHash('sha256');
  for (const path of files) {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      signal?.throwIfAborted();
      digest.update(chunk as Uint8Array);
    }
  }
  return digest.digest('hex');
}

function notesOn({ columns }: OwnDataConfig, examples: readonly OwnExample[]): string[] {
  const notes: string[] = [];
  const counts = examples.map(({ measurements }) => measurements.length);
  const [fewest, most] = counts.reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [counts[0] ?? 0, 0]);
  if (fewest < most) {
    notes.push(`Rows hold ${fewest} to ${most} measurements; those that a row lacks are taken as absent.`);
  }
  if (columns.trusted === undefined && columns.trustedWhere === undefined) {
    notes.push('Nothing says which rows are trusted, so all are untrusted.');
  }
  return notes;
}

function notesOnReports({ reports }: OpenOwnRows, examples: readonly OwnExample[]): readonly string[] {
  if (reports === undefined) return [];
  const ids = examples.map(({ id }) => id);
  return joinMeasurements(ids, reports).notes;
}

/** When each file was last written, and its size. */
function timesOf(files: readonly string[]): Promise<string[]> {
  return Promise.all(
    files.map(async (path) => {
      const now = await stat(path).catch(() => undefined);
      return `${now?.mtimeMs} ${now?.size}`;
    }),
  );
}

function notesOnChanges(files: readonly string[], before: readonly string[], after: readonly string[]): string[] {
  const changed = files.filter((_, i) => before[i] !== after[i]).map((path) => basename(path));
  if (changed.length === 0) return [];
  const names = changed.length > 3 ? `${changed.slice(0, 3).join(', ')}, …` : changed.join(', ');
  return [`Data changed while they were read (${names}): run again when they are whole.`];
}
