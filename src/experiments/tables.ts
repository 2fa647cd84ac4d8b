import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { ContrastPair, Example } from '../core/examples.ts';
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

/** Unlabelled texts, as the column `text`. */
export async function writeTexts(path: string, texts: readonly string[]): Promise<void> {
  await writeTable(path, [{ name: 'text', data: [...texts], type: 'STRING' }]);
}

/** What {@link writeTexts} wrote. */
export async function readTexts(path: string): Promise<string[]> {
  return (await readTable(path)).map(({ text }) => text as string);
}

/**
 * Columns `id, text, trusted, ground_truth, group`, one nullable boolean per measurement, named after it, and where
 * examples have them `kind`, `difficulty`, `pairs` (as JSON), `weak_label_<k>` from 1, `overall_tamper_evidence` and
 * `<measurement>_tamper_evidence`.
 */
export async function writeExamples(path: string, examples: readonly Example[], measurementNames: readonly string[]) {
  const texts = (name: string, of: (example: Example) => string | null): ColumnSource => {
    return { name, data: examples.map(of), type: 'STRING', nullable: true };
  };
  const booleans = (name: string, of: (example: Example) => boolean | null): ColumnSource => {
    return { name, data: examples.map(of), type: 'BOOLEAN', nullable: true };
  };
  const numbers = (name: string, of: (example: Example) => number | null): ColumnSource => {
    return { name, data: examples.map(of), type: 'DOUBLE', nullable: true };
  };
  const supervisors = Math.max(0, ...new Set(examples.map(({ weakLabels }) => weakLabels?.length ?? 0)));
  const hasEvidence = examples.some(({ tamperEvidence }) => tamperEvidence !== undefined);
  const evidence = [
    booleans(overallEvidence, ({ tamperEvidence }) => tamperEvidence?.overall ?? null),
    ...measurementNames.map((name, j) =>
      booleans(evidenceOf(name), ({ tamperEvidence }) => tamperEvidence?.individual[j] ?? null),
    ),
  ];
  await writeTable(path, [
    texts('id', ({ id }) => id),
    texts('text', ({ text }) => text),
    booleans('trusted', ({ trusted }) => trusted),
    ...measurementNames.map((name, j) => booleans(name, ({ measurements }) => measurements[j] ?? null)),
    booleans('ground_truth', ({ groundTruth }) => groundTruth),
    texts('group', ({ group }) => group ?? null),
    ...(examples.some(({ kind }) => kind !== undefined) ? [texts('kind', ({ kind }) => kind ?? null)] : []),
    ...(examples.some(({ difficulty }) => difficulty !== undefined)
      ? [numbers('difficulty', ({ difficulty }) => difficulty ?? null)]
      : []),
    ...(examples.some(({ pairs }) => pairs !== undefined)
      ? [texts('pairs', ({ pairs }) => (pairs === undefined ? null : JSON.stringify(pairs)))]
      : []),
    ...Array.from({ length: supervisors }, (_, k) =>
      numbers(weakLabelOf(k), ({ weakLabels }) => weakLabels?.[k] ?? null),
    ),
    ...(hasEvidence ? evidence : []),
  ]);
}

const weakLabelOf = (supervisor: number) => `weak_label_${supervisor + 1}`;
const overallEvidence = 'overall_tamper_evidence';
const evidenceOf = (measurement: string) => `${measurement}_tamper_evidence`;

/** What {@link writeExamples} wrote. */
export async function readExamples(path: string, measurementNames: readonly string[]): Promise<Example[]> {
  return (await readTable(path)).map((row) => {
    const truths = (names: readonly string[]) => names.map((name) => (row[name] ?? null) as boolean | null);
    const overall = row[overallEvidence];
    const individual = truths(measurementNames.map(evidenceOf));
    const weakLabels = weakLabelsOf(row);
    return {
      id: row.id as string,
      text: row.text as string,
      measurements: truths(measurementNames),
      trusted: row.trusted as boolean,
      groundTruth: row.ground_truth as boolean,
      ...(typeof row.group === 'string' && { group: row.group }),
      ...(typeof row.kind === 'string' && { kind: row.kind }),
      ...(typeof row.difficulty === 'number' && { difficulty: row.difficulty }),
      ...(typeof row.pairs === 'string' && { pairs: JSON.parse(row.pairs) as ContrastPair[] }),
      ...(weakLabels.length > 0 && { weakLabels }),
      ...(typeof overall === 'boolean' && { tamperEvidence: { overall, individual } }),
    };
  });
}

function weakLabelsOf(row: Record<string, unknown>): number[] {
  const labels: number[] = [];
  for (let k = 0; typeof row[weakLabelOf(k)] === 'number'; k++) labels.push(row[weakLabelOf(k)] as number);
  return labels;
}

const scoreColumns = ['exampleId', 'setting', 'model', 'technique', 'seed', 'split', 'score'] as const;
const parquetNames: Partial<Record<(typeof scoreColumns)[number], string>> = { exampleId: 'example_id' };

/** `scores.parquet` of a run: example_id, setting, model, technique, seed, split, score (float64), and of a sweep point. */
export async function writeScores(path: string, rows: readonly ScoreRow[]): Promise<void> {
  const columns = scoreColumns.map(
    (name): ColumnSource => ({
      name: parquetNames[name] ?? name,
      data: name === 'score' ? Float64Array.from(rows, (row) => row.score) : rows.map((row) => row[name]),
      type: name === 'score' ? 'DOUBLE' : name === 'seed' ? 'INT32' : 'STRING',
    }),
  );
  const points: ColumnSource = { name: 'point', data: rows.map(({ point }) => point), type: 'STRING' };
  await writeTable(path, rows[0]?.point === undefined ? columns : [...columns, points]);
}

/** What {@link writeScores} wrote. */
export async function readScores(path: string): Promise<ScoreRow[]> {
  return (await readTable(path)).map((row) => ({
    ...(Object.fromEntries(scoreColumns.map((name) => [name, row[parquetNames[name] ?? name]])) as unknown as ScoreRow),
    ...(typeof row.point === 'string' && { point: row.point }),
  }));
}
