/**
 * Parquet by row group, decoded in a thread of its own: the library trusts what a file says of itself, so a damaged one
 * may keep it busy, or asking for memory, without end.
 */
import { Worker } from 'node:worker_threads';
import type { CellsOrFault } from './cells-or-fault.ts';
import { unreadable } from './unreadable.ts';

/** What the thread tells; after `rows` it waits for a message. */
export type ParquetMessage =
  | { readonly kind: 'begins'; readonly bytes: number }
  | { readonly kind: 'rows'; readonly rows: readonly unknown[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly reason: string };

/** For a row group of so many bytes: a busy machine decodes some ten times as fast. */
const patience = (bytes: number) => 30_000 + bytes / 1000;
const heapMib = 4096;

/**
 * Rows in order.
 * @throws UserError `unreadable-data` when the file is damaged; a damaged row group has no rows that can be told apart.
 */
export async function* parquetRows(path: string): AsyncGenerator<CellsOrFault> {
  const thread = startThread(path);
  let line = 0;
  try {
    for (let rows = await thread.next(); rows !== undefined; rows = await thread.next()) {
      for (const cells of rows) yield { line: ++line, cells };
    }
  } catch (cause) {
    throw unreadable(path, 'Parquet', cause);
  } finally {
    await thread.end();
  }
}

interface Thread {
  /** The rows of the next row group; undefined after the last one. */
  next(): Promise<readonly unknown[] | undefined>;
  end(): Promise<void>;
}

function startThread(path: string): Thread {
  const url = new URL(import.meta.url.endsWith('.ts') ? './parquet-thread.ts' : './parquet-thread.js', import.meta.url);
  const worker = new Worker(url, { workerData: path, resourceLimits: { maxOldGenerationSizeMb: heapMib } });
  let settle: ((message: ParquetMessage) => void) | undefined;
  let waiting: ParquetMessage[] = [];
  const tell = (message: ParquetMessage) => {
    if (settle === undefined) waiting.push(message);
    else settle(message);
  };
  worker.on('message', tell);
  // Stays for the thread's life: an error that nobody listens to would end the process.
  worker.on('error', (error) => tell({ kind: 'fault', reason: error.message }));
  worker.on('exit', () => tell({ kind: 'fault', reason: 'the thread that decodes it ended' }));
  const message = (milliseconds: number) =>
    new Promise<ParquetMessage>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: 'fault', reason: 'decoding that does not end' }), milliseconds);
      settle = (told) => {
        clearTimeout(timer);
        settle = undefined;
        resolve(told);
      };
      const [first, ...rest] = waiting;
      waiting = rest;
      if (first !== undefined) settle(first);
    });
  let begun = false;
  return {
    async next() {
      if (begun) worker.postMessage('next');
      begun = true;
      let told = await message(patience(0));
      if (told.kind === 'begins') told = await message(patience(told.bytes));
      if (told.kind === 'fault') throw new Error(told.reason);
      return told.kind === 'rows' ? told.rows : undefined;
    },
    async end() {
      await worker.terminate();
    },
  };
}
