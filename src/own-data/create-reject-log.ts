import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import type { RejectedRow } from '../core/own-data.ts';
import { unfinishedPath } from '../core/write-whole.ts';

export interface RejectLogOptions {
  /** Where rejected rows are kept, JSON Lines; written whole when the reading ends. Left out: nowhere. */
  readonly path?: string;
  /** Share of rows that may be rejected. */
  readonly maxRejected: number;
}

/** Counts rejected rows by reason and keeps them in a file, in memory that does not grow with them. */
export interface RejectLog {
  add(row: RejectedRow): Promise<void>;
  /** Whether so many are bad that reading on would tell nothing new. */
  isHopeless(rows: number): boolean;
  /**
   * Writes the file; where nothing was rejected there is none, nor one of an earlier reading.
   * @throws UserError `too-many-rejects` naming the file, the counts by reason and the first three.
   */
  finish(rows: number): Promise<void>;
  /** Ends it without a file; does nothing after `finish`. */
  abandon(): Promise<void>;
}

const hopeless = 20_000;
const bufferedCharacters = 2 ** 20;

export function createRejectLog({ path, maxRejected }: RejectLogOptions): RejectLog {
  const counts = new Map<string, number>();
  const first: RejectedRow[] = [];
  const file = path === undefined ? undefined : createWholeFile(path);
  let rejected = 0;
  return {
    async add(row) {
      rejected++;
      if (first.length < 3) first.push(row);
      const kind = kindOf(row.reason);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      await file?.append(`${JSON.stringify(row)}\n`);
    },
    isHopeless: (rows) => rejected >= hopeless && rejected > 2 * maxRejected * rows,
    async finish(rows) {
      await file?.finish();
      if (rejected > maxRejected * rows) throw tooMany(rejected, rows, counts, first, path);
    },
    abandon: async () => {
      await file?.abandon();
    },
  };
}

/** A reason without the values that make it differ from row to row. */
function kindOf(reason: string): string {
  return reason.replace(/"(?:[^"\\]|\\.)*"?|-?\d[\d.e+-]*/g, '…');
}

function tooMany(
  rejected: number,
  rows: number,
  counts: ReadonlyMap<string, number>,
  first: readonly RejectedRow[],
  path: string | undefined,
): UserError {
  const share = rejected / rows;
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, 5).map(([kind, count]) => `  ${count} × ${kind}`);
  const more = kinds.length > 5 ? [`  and ${kinds.length - 5} further reasons`] : [];
  const places = first.map(({ file, line, reason }) => `  ${file}, line ${line}: ${reason}`);
  const kept = path === undefined ? '' : ` All are kept in ${path}.`;
  const allowed = Math.min(1, Math.ceil(share * 100) / 100);
  const message = [
    `Expected nearly all rows to be readable as examples, got ${rejected} of ${rows} rejected (${Number((share * 100).toPrecision(3))} %):`,
    ...shown,
    ...more,
    'The first:',
    ...places,
    `Mend them or the columns of the config, or go on without them: maxRejected ${allowed}.${kept}`,
  ];
  return new UserError('too-many-rejects', message.join('\n'));
}

interface WholeFile {
  append(text: string): Promise<void>;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/** A file that grows beside its place and takes it in the end. */
function createWholeFile(path: string): WholeFile {
  const aside = unfinishedPath(path);
  let handle: FileHandle | undefined;
  let waiting: string[] = [];
  let characters = 0;
  const flush = async () => {
    handle ??= await open(aside, 'wx');
    await handle.writeFile(waiting.join(''));
    [waiting, characters] = [[], 0];
  };
  return {
    async append(text) {
      waiting.push(text);
      characters += text.length;
      if (characters > bufferedCharacters) await flush();
    },
    async finish() {
      if (waiting.length > 0) await flush();
      if (handle === undefined) return await rm(path, { force: true });
      await handle.sync();
      await handle.close();
      handle = undefined;
      await rename(aside, path);
    },
    async abandon() {
      if (handle === undefined) return;
      await handle.close();
      handle = undefined;
      await rm(aside, { force: true });
    },
  };
}
