import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../core/write-whole.ts';
import { asDiskFault } from '../../experiments/store.ts';

/** Where a command writes what it found. */
export interface OutDirectory {
  readonly path: string;
  /** Writes a file of that name, whole or not at all. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/**
 * The directory that `--out` names, else `touchstone-out/<stem of the data>`, made if it is not there.
 * @throws EnvironmentError (`cannot-write`) when it cannot be made or written to.
 */
export async function openOutDirectory(out: string | undefined, stem: string): Promise<OutDirectory> {
  const path = out ?? join('touchstone-out', stem);
  await orDiskFault(path, mkdir(path, { recursive: true }));
  return { path, write: (name, content) => orDiskFault(path, writeWhole(join(path, name), content)) };
}

async function orDiskFault<T>(path: string, work: Promise<T>): Promise<void> {
  await work.catch((error: unknown) => {
    throw asDiskFault(error, path);
  });
}
