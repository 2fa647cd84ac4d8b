import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../core/errors.ts';
import { isDataFile } from './read-rows.ts';
import { unreadable } from './unreadable.ts';

/** Whether a path is meant by a name: the path itself, or its last parts, with or without the ending. */
export function isNamed(path: string, name: string): boolean {
  if (!isDataFile(path)) return false;
  const [place, wanted] = [path, name].map((text) => `/${text.replaceAll('\\', '/').replace(/^\.?\//, '')}`);
  const bare = place?.replace(/\.(parquet|(jsonl|json|csv|tsv)(\.gz)?)$/i, '');
  return [place, bare].some((candidate) => candidate?.endsWith(wanted as string));
}

/**
 * The one file below a directory that a name means; a file in the place of the directory is meant by its own name.
 * @throws UserError `no-such-file` when there is none, or more than one.
 */
export function namedFile(directory: string, name: string): string {
  const found = filesAt(directory).filter((path) => isNamed(path, name));
  const [path] = found;
  if (path !== undefined && found.length === 1) return path;
  const got = path === undefined ? 'nothing of that name' : found.join(', ');
  const next = 'Name one of its Parquet, JSON, JSONL, CSV or TSV files.';
  throw expected('no-such-file', `"${name}"`, `one file of ${directory}`, got, next);
}

/** Data files at a path: itself, or all below it, in the order of their names. */
export function filesAt(path: string): string[] {
  if (!existsSync(path)) {
    throw expected('no-such-data', `the data at ${path}`, 'a file or directory', 'nothing', 'Check the spelling.');
  }
  if (!statSync(path).isDirectory()) return [path];
  return namesBelow(path, '', new Set())
    .sort()
    .map((name) => join(path, name));
}

/** Data files below a directory, each real directory once: links may lead in circles. */
function namesBelow(root: string, below: string, seen: Set<string>): string[] {
  const directory = join(root, below);
  const real = realpathSync(directory);
  if (seen.has(real)) return [];
  seen.add(real);
  return entriesOf(directory).flatMap((entry) => {
    const name = join(below, entry);
    const isDirectory = statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() === true;
    if (isDirectory) return namesBelow(root, name, seen);
    return isDataFile(entry) ? [name] : [];
  });
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, 'a directory', cause);
  }
}
