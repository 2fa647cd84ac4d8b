/**
 * Rows of users' files one after the other, each with its cells or with what is wrong with it, so that one bad row does
 * not end the reading. Memory is bounded by a line, a row group, or an array of JSON, each of which has a limit.
 */
import { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import type { CellsOrFault } from './cells-or-fault.ts';
import { jsonRows } from './json-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import { separatedRows } from './separated-rows.ts';

/** A row, or the place of one that cannot be read. */
export type ScannedRow = CellsOrFault & {
  /** Name of the file, without its folder. */
  readonly file: string;
};

const maxRaw = 2000;

/** The first 2,000 characters of a row, as a string of its own: a slice would keep the whole row in memory. */
export function cutRow(raw: string): string {
  return raw.length > maxRaw ? Buffer.from(raw.slice(0, maxRaw)).toString() : raw;
}

/**
 * Rows in order.
 * @throws UserError `unreadable-data` naming the file when none of it can be read as what its name says.
 */
export async function* scanRows(path: string): AsyncGenerator<ScannedRow> {
  const file = basename(path);
  for await (const row of placesOf(path)) {
    yield 'fault' in row ? { file, ...row, raw: cutRow(row.raw) } : { file, ...row };
  }
}

function placesOf(path: string): AsyncGenerator<CellsOrFault> {
  const plain = path.toLowerCase().replace(/\.gz$/, '');
  if (plain.endsWith('.parquet')) return parquetRows(path);
  if (/\.jsonl?$/.test(plain)) return jsonRows(path);
  return separatedRows(path, plain.endsWith('.tsv') ? '\t' : ',');
}
