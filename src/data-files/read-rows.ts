/**
 * Rows of users' and published files, one after the other, so that a few thousand rows of a large file cost no more than
 * they are: Parquet by row group, JSON Lines and CSV as streams (`.gz` too), JSON arrays whole. The first bad row ends it.
 */
import { basename } from 'node:path';
import { type ScannedRow, scanRows } from './scan-rows.ts';
import { unreadable } from './unreadable.ts';

/** A row of a file. */
export interface FileRow {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** From 1; a header line is not counted. */
  readonly number: number;
  /** Cells by column; those of CSV and TSV are text, and absent where they are empty. */
  readonly cells: unknown;
}

/** Whether a file is of a kind that {@link readRows} reads, by its name. */
export function isDataFile(path: string): boolean {
  return /\.(parquet|(jsonl|json|csv|tsv)(\.gz)?)$/i.test(path);
}

/**
 * Rows in order.
 * @throws UserError `unreadable-data` naming the file, and the line where there is one, when it is not what its name says.
 */
export async function* readRows(path: string): AsyncGenerator<FileRow> {
  const file = basename(path);
  let number = 0;
  for await (const row of scanRows(path)) yield { file, number: ++number, cells: cellsOf(row, path) };
}

function cellsOf(row: ScannedRow, path: string): unknown {
  if ('cells' in row) return row.cells;
  const { line, fault } = row;
  if (/\.jsonl?(\.gz)?$/i.test(path)) throw unreadable(`${path}, line ${line}`, 'JSON', fault);
  throw unreadable(path, /\.tsv(\.gz)?$/i.test(path) ? 'TSV' : 'CSV', `line ${line}: ${fault}`);
}
