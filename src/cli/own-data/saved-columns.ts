import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigFile } from '../config-file.ts';

/** Beside a saved detector: which column of its data held what. */
export const columnsFile = 'columns.json';

/**
 * Columns of the data that a saved detector was trained on; undefined where nothing says.
 * @throws UserError (`config-file`) when the file is damaged.
 */
export async function savedColumns(directory: string): Promise<Record<string, unknown> | undefined> {
  const file = join(directory, columnsFile);
  return existsSync(file) ? ((await readConfigFile(file)) as Record<string, unknown>) : undefined;
}
