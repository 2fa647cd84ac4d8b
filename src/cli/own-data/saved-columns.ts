import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside a saved detector: which column of its data held what. */
export const columnsFile = 'columns.json';

/** Columns of the data that a saved detector was trained on; undefined where nothing says. */
export async function savedColumns(directory: string): Promise<Record<string, unknown> | undefined> {
  const file = join(directory, columnsFile);
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>) : undefined;
}
