import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { expected, UserError } from '../../core/errors.ts';
import { parseRow, type Row } from './parse-row.ts';

/** Splits of the published datasets. */
export const fileSplits = ['train', 'validation', 'train_for_val'] as const;
export type FileSplit = (typeof fileSplits)[number];

/** Whether a file holds a split, by its name: `train.jsonl`, `train-00000-of-00002.parquet`, `train/part.parquet`. */
export function holds(path: string, split: FileSplit): boolean {
  const names = path.split(/[\\/]/);
  const [file = ''] = names.splice(-1);
  const isNamed = new RegExp(`^${split}([-.]\\d.*)?\\.\\w+$`).test(file) || names.at(-1) === split;
  return isNamed && /\.(jsonl|json|parquet)$/.test(file);
}

/**
 * Rows of a split below a directory, file after file in the order of their names; none when no file holds it. A dataset
 * with several configurations, a folder each, is read from the one that `configuration` names.
 * @throws UserError when a file cannot be read as its kind, a row lacks a column, or there is no such folder.
 */
export async function readRows(directory: string, split: FileSplit, configuration?: string): Promise<Row[]> {
  if (!existsSync(directory)) {
    const next = 'Give a directory with train and validation files, or the id of a dataset on the hub.';
    throw expected('no-such-data', `the data at ${directory}`, 'a directory', 'nothing', next);
  }
  const own = configuration === undefined ? directory : join(directory, configuration);
  if (!existsSync(own)) {
    const next = 'Name a folder of the data, or leave the configuration out.';
    throw expected(
      'no-such-configuration',
      `the configuration ${configuration}`,
      `a folder of ${directory}`,
      'nothing',
      next,
    );
  }
  const files = readdirSync(own, { recursive: true }).map(String).sort();
  const rows: Row[][] = [];
  for (const file of files.filter((path) => holds(path, split))) rows.push(await readFileRows(join(own, file)));
  return rows.flat();
}

async function readFileRows(path: string): Promise<Row[]> {
  const rows = await (path.endsWith('.parquet') ? parquetRows(path) : jsonRows(path));
  return rows.map((row, i) => parseRow(row, basename(path), i + 1));
}

async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file }).catch((cause: unknown) => {
    throw unreadable(path, 'Parquet', cause);
  });
}

/** A JSON array, or one object per line. */
async function jsonRows(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8');
  if (text.trimStart().startsWith('[')) return parseJson(text, path) as unknown[];
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseJson(line, `${path}, line ${i + 1}`)]));
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(where, 'JSON', cause);
  }
}

function unreadable(where: string, kind: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    'unreadable-data',
    `Expected ${where} to be readable as ${kind}, got: ${reason}. Mend or download it again.`,
    { cause },
  );
}
