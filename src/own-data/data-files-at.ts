import { statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { expected } from '../core/errors.ts';
import { filesAt } from '../data-files/named-files.ts';
import { isDataFile } from '../data-files/read-rows.ts';

/**
 * Files of a user's data: a file itself, or all below a directory, in the order of their names, without configs and what
 * commands of ours wrote there.
 * @throws UserError `no-such-data` when there is none, or something that can be read only once.
 */
export function dataFilesAt(path: string): readonly string[] {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = filesAt(path).filter((file) => !isDirectory || !isOurs(relative(path, file)));
  const wanted = 'a JSONL, JSON, CSV, TSV or Parquet file, or a directory of them';
  const [first] = files;
  if (first === undefined) throw expected('no-such-data', path, wanted, 'a directory without any', 'Name a file.');
  if (!isDataFile(first)) throw expected('no-such-data', path, wanted, basename(first), 'Rename or convert it.');
  const stream = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === false);
  if (stream === undefined) return files;
  throw expected(
    'no-such-data',
    stream,
    'a file',
    'a pipe or device',
    'Write it to a file: it is read more than once.',
  );
}

/** Whether files that are written to a directory would be read as data of a path the next time. */
export function isWithinData(directory: string, data: string): boolean {
  if (statSync(data, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  const place = relative(resolve(data), resolve(directory));
  return !isAbsolute(place) && place.split(/[\\/]/)[0] !== '..' && !isOurs(join(place, 'file'));
}

function isOurs(path: string): boolean {
  return /(^|[\\/])touchstone-out[\\/]|\.touchstone\.json$/.test(path);
}
