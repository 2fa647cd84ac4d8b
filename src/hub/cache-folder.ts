import { copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A commit's name, which is also a directory's. */
export const commitPattern = /^[0-9a-f]{40}$/;

/** The folder of one model or dataset in a cache of the Python library's layout: blobs by hash, snapshots that link to them. */
export interface CacheFolder {
  readonly path: string;
  /** The file that holds a revision's commit; its directory is made. */
  reference(revision: string): Promise<string>;
  /** The directory of a commit's files. */
  snapshot(commit: string): string;
  /** The file of this content; its directory is made. */
  blob(hash: string): Promise<string>;
  /** Makes a blob appear under its name in a commit's snapshot. */
  link(hash: string, commit: string, name: string): Promise<void>;
}

export function cacheFolder(cacheDirectory: string, id: string, type: 'model' | 'dataset'): CacheFolder {
  const path = join(cacheDirectory, `${type}s--${id.replaceAll('/', '--')}`);
  const made = async (file: string) => {
    await mkdir(dirname(file), { recursive: true });
    return file;
  };
  const snapshot = (commit: string) => join(path, 'snapshots', commit);
  const blob = (hash: string) => made(join(path, 'blobs', hash));
  return {
    path,
    reference: (revision) => made(join(path, 'refs', revision)),
    snapshot,
    blob,
    async link(hash, commit, name) {
      const target = await blob(hash);
      const file = await made(join(snapshot(commit), name));
      await rm(file, { force: true });
      // Where links need rights that the user lacks, as on Windows, the file is there twice.
      await symlink(relative(dirname(file), target), file).catch(() => copyFile(target, file));
    },
  };
}
