import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { asDiskFault } from '../../experiments/store.ts';
import { isWithinData } from '../../own-data/data-files-at.ts';

/** Where a command writes what it found. */
export interface OutDirectory {
  readonly path: string;
  /** Writes a file of that name, whole or not at all. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/**
 * The directory that `--out` names, else `touchstone-out/<stem of the data>`, made if it is not there.
 * @param data what is read, where nothing may be written that would be read with it
 * @throws EnvironmentError (`cannot-write`) when it cannot be made or written to, UserError (`out-in-data`) as `requireOutside`.
 */
export async function openOutDirectory(out: string | undefined, stem: string, data: string): Promise<OutDirectory> {
  const path = out ?? join('touchstone-out', stem);
  requireOutside(path, '--out', data);
  await orDiskFault(path, mkdir(path, { recursive: true }));
  return { path, write: (name, content) => orDiskFault(path, writeWhole(join(path, name), content)) };
}

/** @throws UserError (`out-in-data`) when what is written to a directory would be taken for data the next time. */
export function requireOutside(path: string, flag: string, data: string): void {
  if (!isWithinData(path, data)) return;
  const next = 'Name another directory: the next reading would take what is written there for data.';
  throw expected('out-in-data', flag, `outside the data in ${data}`, path, next);
}

async function orDiskFault<T>(path: string, work: Promise<T>): Promise<void> {
  await work.catch((error: unknown) => {
    throw asDiskFault(error, path);
  });
}
