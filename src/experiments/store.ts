import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EnvironmentError } from '../core/errors.ts';
import { isRunning, writeWhole } from '../core/write-whole.ts';

/** What a finished artifact says of itself; written last, so an artifact without it does not exist. */
export interface Manifest {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  readonly seconds: number;
  /** Size in bytes of every other file, to notice a truncated artifact. */
  readonly files: Readonly<Record<string, number>>;
}

/**
 * Artifacts by content address: `<root>/<kind>/<key>/`. A directory appears whole (written aside, synced, renamed)
 * or not at all; nothing is ever changed once there.
 */
export class Store {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  directory(kind: string, key: string): string {
    return join(this.root, kind, key.slice(0, 24));
  }

  /** The manifest of a finished, undamaged artifact, else undefined. */
  async find(kind: string, key: string): Promise<Manifest | undefined> {
    const directory = this.directory(kind, key);
    const manifest = await readManifest(directory);
    if (manifest === undefined || manifest.key !== key) return undefined;
    for (const [file, size] of Object.entries(manifest.files)) {
      const found = await stat(join(directory, file)).catch(() => undefined);
      if (found?.size !== size) return undefined;
    }
    return manifest;
  }

  /**
   * Runs `write` on an empty directory and moves the result into place. Nothing remains of a `write` that throws.
   * @throws EnvironmentError when the disk is full or not writable.
   */
  async create(
    entry: Omit<Manifest, 'files' | 'seconds'>,
    write: (directory: string) => Promise<number>,
  ): Promise<Manifest> {
    const target = this.directory(entry.kind, entry.key);
    const aside = join(this.root, 'unfinished', `${process.pid}-${entry.kind}-${randomUUID()}`);
    try {
      await mkdir(aside, { recursive: true });
      const seconds = await write(aside);
      const manifest = { ...entry, seconds, files: await sizesOf(aside) };
      await writeWhole(join(aside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      await mkdir(dirname(target), { recursive: true });
      await rm(target, { recursive: true, force: true });
      await rename(aside, target);
      return manifest;
    } catch (error) {
      await rm(aside, { recursive: true, force: true }).catch(() => undefined);
      throw asDiskFault(error, this.root);
    }
  }

  /** Removes what killed processes left unfinished; the work of processes that still run stays. */
  async sweep(): Promise<void> {
    const unfinished = join(this.root, 'unfinished');
    for (const name of await readdir(unfinished).catch(() => [])) {
      if (!isRunning(Number.parseInt(name, 10))) await rm(join(unfinished, name), { recursive: true, force: true });
    }
  }
}

/** A file-system fault of the machine (full, read-only, no permission) as an error that says what to do; others unchanged. */
export function asDiskFault(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  const causes: Record<string, string> = {
    ENOSPC: 'the disk is full. Free some space, then run the same command again: finished steps are kept.',
    EDQUOT: 'the disk quota is used up. Free some space, then run the same command again: finished steps are kept.',
    EACCES: 'permission was denied. Choose a writable directory with --out.',
    EPERM: 'permission was denied. Choose a writable directory with --out.',
    EROFS: 'the file system is read-only. Choose a writable directory with --out.',
    ENOTDIR: 'part of that path is a file. Choose another directory with --out.',
    EEXIST: 'a file stands where a directory is needed. Choose another directory with --out.',
  };
  const cause = code === undefined ? undefined : causes[code];
  if (cause === undefined) return error;
  return new EnvironmentError('cannot-write', `Expected ${path} to be writable, got ${code}: ${cause}`, {
    cause: error,
  });
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/** Size of every file below `directory`, each synced to disk first. */
async function sizesOf(directory: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const file of await filesBelow(directory)) {
    const handle = await open(join(directory, file), 'r');
    await handle.sync();
    sizes[file] = (await handle.stat()).size;
    await handle.close();
  }
  return sizes;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(directory, join(entry.parentPath, entry.name))).sort();
}
