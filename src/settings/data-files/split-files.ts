import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import { isDataFile } from '../../data-files/read-rows.ts';

/** Whether a file holds a split, by its name: `train.jsonl`, `train-00000-of-00002.parquet`, `train/part.parquet`. */
export function holdsSplit(path: string, split: string): boolean {
  const names = path.split(/[\\/]/);
  const [file = ''] = names.splice(-1);
  const isNamed = new RegExp(`^${split}([-.]\\d.*)?(\\.\\w+){1,2}$`).test(file) || names.at(-1) === split;
  return isNamed && isDataFile(file);
}

/**
 * Files of a split below a directory, in the order of their names; none when no file holds it. Of a dataset with several
 * configurations, a folder each, `configuration` names the one to read.
 * @throws UserError when there is no such directory or folder.
 */
export function splitFiles(directory: string, split: string, configuration?: string): string[] {
  const own = requireFolder(directory, configuration);
  const files = readdirSync(own, { recursive: true }).map(String).sort();
  return files.filter((path) => holdsSplit(path, split)).map((path) => join(own, path));
}

function requireFolder(directory: string, configuration: string | undefined): string {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    const got = existsSync(directory) ? 'a file' : 'nothing';
    const next = 'Give a directory with a file for each split, or the id of a dataset on the hub.';
    throw expected('no-such-data', `the data at ${directory}`, 'a directory', got, next);
  }
  const own = configuration === undefined ? directory : join(directory, configuration);
  if (existsSync(own)) return own;
  const next = 'Name a folder of the data, or leave the configuration out.';
  const thing = `the configuration ${configuration}`;
  throw expected('no-such-configuration', thing, `a folder of ${directory}`, 'nothing', next);
}
