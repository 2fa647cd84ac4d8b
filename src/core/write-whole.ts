import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A name beside `path` for the file or directory that will be renamed to it; {@link sweepUnfinished} knows it. */
export function unfinishedPath(path: string): string {
  return `${path}.${process.pid}-${randomUUID()}.unfinished`;
}

/** Writes a file whole or not at all: a temporary file beside it, synced, then renamed over it. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const aside = unfinishedPath(path);
  try {
    const handle = await open(aside, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes the temporary files and directories that killed processes left in `directory`. */
export async function sweepUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = /\.(\d+)-[0-9a-f-]+\.unfinished$/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Whether another process of this number runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}
