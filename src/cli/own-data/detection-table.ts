import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CsvCell, csvLine } from '../../core/csv-line.ts';
import type { DetectionRow } from '../../core/detection.ts';
import { expected } from '../../core/errors.ts';
import { asDiskFault } from '../../experiments/store.ts';
import { readTable, writeTable } from '../../experiments/tables.ts';
import type { OutDirectory } from './out-directory.ts';

const parquetFile = 'detections.parquet';

/** Names of the columns of a detection's rows; a technique that sets no alarm has its scores in a column of its name. */
export function columnsOf(further: readonly string[], ranked: boolean): string[] {
  return ['id', 'category', 'score', 'p_value', ...(ranked ? ['rank'] : []), 'flagged', ...further];
}

/** A row as a line of CSV; what a spreadsheet would run as a formula is neutralised. */
export function rowLine(row: DetectionRow, further: readonly string[], ranked: boolean): string {
  const { id, category, score, pValue, rank, flagged } = row;
  const own: CsvCell[] = [id, category, score, pValue, ...(ranked ? [rank] : []), flagged];
  return csvLine([...own, ...further.map((name) => row.further[name])]);
}

/** Writes `detections.csv` for people and `detections.parquet` for programs: one row per example, in their order. */
export async function writeDetections(
  out: OutDirectory,
  rows: readonly DetectionRow[],
  further: readonly string[],
): Promise<void> {
  const lines = rows.map((row) => rowLine(row, further, true));
  await out.write('detections.csv', csvLine(columnsOf(further, true)) + lines.join(''));
  const numbers = (name: string, of: (row: DetectionRow) => number | null | undefined, type: 'DOUBLE' | 'INT32') => {
    return { name, data: rows.map((row) => of(row) ?? null), type, nullable: true };
  };
  await writeTable(join(out.path, parquetFile), [
    { name: 'id', data: rows.map(({ id }) => id), type: 'STRING' },
    { name: 'category', data: rows.map(({ category }) => category), type: 'STRING' },
    numbers('score', ({ score }) => score, 'DOUBLE'),
    numbers('p_value', ({ pValue }) => pValue, 'DOUBLE'),
    numbers('rank', ({ rank }) => rank, 'INT32'),
    { name: 'flagged', data: rows.map(({ flagged }) => flagged), type: 'BOOLEAN' },
    ...further.map((name) => numbers(name, (row) => row.further[name], 'DOUBLE')),
  ]).catch((error: unknown) => {
    throw asDiskFault(error, out.path);
  });
}

/**
 * What {@link writeDetections} wrote.
 * @throws UserError (`no-detection`) when there is none in the directory.
 */
export async function readDetections({ path }: OutDirectory, further: readonly string[]): Promise<DetectionRow[]> {
  const file = join(path, parquetFile);
  if (!existsSync(file)) throw noDetection(path);
  return (await readTable(file)).map((cells) => ({
    id: cells.id as string,
    category: cells.category as DetectionRow['category'],
    score: cells.score as number,
    pValue: cells.p_value as number | null,
    rank: cells.rank as number | null,
    flagged: cells.flagged as boolean,
    further: Object.fromEntries(further.map((name) => [name, cells[name] as number])),
  }));
}

/** Says that a directory holds no detection to go on from. */
export function noDetection(path: string) {
  const next = 'Run "touchstone detect" with --audit-budget and the same --out first.';
  return expected('no-detection', path, 'a directory with a detection', 'none in it', next);
}
