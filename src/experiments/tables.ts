import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { Example } from '../core/examples.ts';
import type { ScoreRow } from '../core/records.ts';
import { writeWhole } from '../core/write-whole.ts';

/** Writes columns as one Parquet file, whole or not at all. */
export async function writeTable(path: string, columnData: ColumnSource[]): Promise<void> {
  await writeWhole(path, new Uint8Array(parquetWriteBuffer({ columnData })));
}

/** Rows of a Parquet file as objects, in order. */
export async function readTable(path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file });
}

/** Columns `id, text, trusted, ground_truth, group` and one nullable boolean per measurement, named after it. */
export async function writeExamples(path: string, examples: readonly Example[], measurementNames: readonly string[]) {
  const column = (name: string, data: unknown[], type: 'STRING' | 'BOOLEAN', nullable = false): ColumnSource => ({
    name,
    data,
    type,
    nullable,
  });
  await writeTable(path, [
    column(
      'id',
      examples.map(({ id }) => id),
      'STRING',
    ),
    column(
      'text',
      examples.map(({ text }) => text),
      'STRING',
    ),
    column(
      'trusted',
      examples.map(({ trusted }) => trusted),
      'BOOLEAN',
    ),
    ...measurementNames.map((name, j) =>
      column(
        name,
        examples.map(({ measurements }) => measurements[j] ?? null),
        'BOOLEAN',
        true,
      ),
    ),
    column(
      'ground_truth',
      examples.map(({ groundTruth }) => groundTruth),
      'BOOLEAN',
    ),
    column(
      'group',
      examples.map(({ group }) => group ?? null),
      'STRING',
      true,
    ),
  ]);
}

/** What {@link writeExamples} wrote. */
export async function readExamples(path: string, measurementNames: readonly string[]): Promise<Example[]> {
  return (await readTable(path)).map((row) => ({
    id: row.id as string,
    text: row.text as string,
    measurements: measurementNames.map((name) => (row[name] ?? null) as boolean | null),
    trusted: row.trusted as boolean,
    groundTruth: row.ground_truth as boolean,
    ...(typeof row.group === 'string' && { group: row.group }),
  }));
}

const scoreColumns = ['exampleId', 'setting', 'model', 'technique', 'seed', 'split', 'score'] as const;
const parquetNames: Partial<Record<(typeof scoreColumns)[number], string>> = { exampleId: 'example_id' };

/** `scores.parquet` of a run: example_id, setting, model, technique, seed, split, score (float64). */
export async function writeScores(path: string, rows: readonly ScoreRow[]): Promise<void> {
  await writeTable(
    path,
    scoreColumns.map((name) => ({
      name: parquetNames[name] ?? name,
      data: name === 'score' ? Float64Array.from(rows, (row) => row.score) : rows.map((row) => row[name]),
      type: name === 'score' ? 'DOUBLE' : name === 'seed' ? 'INT32' : 'STRING',
    })),
  );
}

/** What {@link writeScores} wrote. */
export async function readScores(path: string): Promise<ScoreRow[]> {
  return (await readTable(path)).map(
    (row) =>
      Object.fromEntries(scoreColumns.map((name) => [name, row[parquetNames[name] ?? name]])) as unknown as ScoreRow,
  );
}
