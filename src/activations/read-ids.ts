import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { TouchstoneError } from '../core/errors.ts';
import { absentName, arrayFault as fault, idOf } from './array-file.ts';
import { openArrayFile } from './open-array-file.ts';

/** Where example ids stand. */
export interface IdsPlace {
  /** `.npy`, `.npz`, `.parquet`, `.jsonl`, `.csv` or `.tsv` with a header line, or `.txt` with an id on each line. */
  readonly path: string;
  /** Array, column or key. @default `ids` in a `.npz`, else `id` */
  readonly name?: string;
}

/**
 * Example ids from a file, in order of its rows. Whole numbers become text.
 * @throws UserError naming file and row when one is absent or neither text nor a whole number.
 */
export async function readIds({ path, name }: IdsPlace): Promise<readonly string[]> {
  const format = extname(path).toLowerCase();
  const key = name ?? (format === '.npz' ? 'ids' : 'id');
  if (format === '.jsonl') return readJsonLines(await readText(path), key, path);
  if (format === '.csv' || format === '.tsv') return readSeparated(await readText(path), key, path, format);
  if (format === '.txt') return linesOf(await readText(path));
  const file = await openArrayFile(path);
  try {
    return await file.ids(format === '.npy' ? '' : key);
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fault(path, 'a readable text file', error);
  }
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function readJsonLines(text: string, key: string, path: string): string[] {
  return linesOf(text).map((line, row) => {
    const record = parseJson(line);
    if (typeof record !== 'object' || record === null) throw fault(`line ${row + 1} of ${path}`, 'a JSON object', line);
    return idOf((record as Record<string, unknown>)[key], `key "${key}" of ${path}`, row);
  });
}

/** Undefined when `text` is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readSeparated(text: string, key: string, path: string, format: '.csv' | '.tsv'): string[] {
  const delimiter = format === '.csv' ? ',' : '\t';
  try {
    const [header = [], ...records] = parse(text, { delimiter, bom: true, skip_empty_lines: true });
    const column = header.indexOf(key);
    if (column < 0) throw absentName(key, header, path);
    return records.map((record) => record[column] as string);
  } catch (error) {
    throw error instanceof TouchstoneError ? error : fault(path, `readable as ${format}`, error);
  }
}
