import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { unfinishedPath } from '../../core/write-whole.ts';
import { asDiskFault } from '../../experiments/store.ts';

const bufferedCharacters = 2 ** 18;

/** A text file that grows beside its place and takes it in the end: it is there whole or not at all. */
export interface StreamFile {
  append(text: string): Promise<void>;
  finish(): Promise<void>;
  /** Ends it without a file; does nothing after `finish`. */
  abandon(): Promise<void>;
}

/** @throws EnvironmentError (`cannot-write`) when it cannot be made; so do its functions. */
export async function openStreamFile(path: string): Promise<StreamFile> {
  const aside = unfinishedPath(path);
  const orFault = (error: unknown): never => {
    throw asDiskFault(error, path);
  };
  let handle: FileHandle | undefined = await open(aside, 'wx').catch(orFault);
  let waiting = '';
  const flush = async () => {
    await handle?.writeFile(waiting);
    waiting = '';
  };
  return {
    append: async (text) => {
      waiting += text;
      if (waiting.length > bufferedCharacters) await flush().catch(orFault);
    },
    finish: async () => {
      await flush().catch(orFault);
      await handle?.sync();
      await handle?.close();
      handle = undefined;
      await rename(aside, path).catch(orFault);
    },
    abandon: async () => {
      if (handle === undefined) return;
      await handle.close();
      handle = undefined;
      await rm(aside, { force: true });
    },
  };
}
