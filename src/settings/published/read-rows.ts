import { readRows as readFile } from '../../data-files/read-rows.ts';
import { splitFiles } from '../data-files/split-files.ts';
import { parseRow, type Row } from './parse-row.ts';

/** Splits of the published datasets. */
export const fileSplits = ['train', 'validation', 'train_for_val'] as const;
export type FileSplit = (typeof fileSplits)[number];

/**
 * Rows of a split below a directory, file after file in the order of their names; none when no file holds it. A dataset
 * with several configurations, a folder each, is read from the one that `configuration` names.
 * @throws UserError when a file cannot be read as its kind, a row lacks a column, or there is no such folder.
 */
export async function readRows(directory: string, split: FileSplit, configuration?: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of splitFiles(directory, split, configuration)) {
    for await (const row of readFile(path)) rows.push(parseRow(row));
  }
  return rows;
}
