import { z } from 'zod';
import type { Example } from '../../core/examples.ts';
import { bit, parseCells, quantity } from '../../data-files/parse-cells.ts';
import type { FileRow } from '../../data-files/read-rows.ts';
import { type TabularColumns, weakLabelColumns } from './tabular-options.ts';

/** A row as an example, before it has its place. */
export interface TabularRow extends Omit<Example, 'id' | 'groundTruth'> {
  readonly id?: string;
  readonly groundTruth: boolean | null;
  /** Where it comes from, for messages. */
  readonly place: string;
}

const text = z.string().min(1);
const name = z.union([text, z.number(), z.bigint()]).transform(String);
const probability = quantity.pipe(z.number().min(0).max(1));

/**
 * Reads rows whose columns an option names.
 * @returns a parser, which throws UserError `bad-row` naming the file, the row (from 1) and every column in it that is not
 * as it should be.
 */
export function createRowParser(columns: TabularColumns): (row: FileRow) => TabularRow {
  const schema = schemaOf(columns);
  return (row) => {
    const cells: Cells = parseCells(schema, row, 'an example', nextStep(row));
    return { ...exampleIn(cells, columns), place: `row ${row.number} of ${row.file}` };
  };
}

type Cells = Readonly<Record<string, unknown>>;

function schemaOf(columns: TabularColumns) {
  const { pair } = columns;
  const all: [string | undefined, z.ZodType][] = [
    [columns.text, text],
    [columns.groundTruth, bit.nullish()],
    ...columns.measurements.map((column): [string, z.ZodType] => [column, bit.nullish()]),
    ...weakLabelColumns(columns).map((column): [string, z.ZodType] => [column, probability]),
    [columns.id, name],
    [columns.trusted, bit],
    [columns.difficulty, quantity],
    [columns.group, name],
    ...Object.values(pair ?? {}).map((column): [string, z.ZodType] => [column, text]),
  ];
  const shape: Record<string, z.ZodType> = {};
  for (const [column, type] of all) if (column !== undefined) shape[column] ??= type;
  return z.object(shape);
}

function nextStep({ cells }: FileRow): string {
  const has = typeof cells === 'object' && cells !== null ? Object.keys(cells).join(', ') : 'none';
  return `It has the columns ${has || 'none'}: mend it, or name others in options.columns.`;
}

function exampleIn(cells: Cells, columns: TabularColumns): Omit<TabularRow, 'place'> {
  const weakLabels = weakLabelColumns(columns).map((column) => cells[column] as number);
  const measured = columns.measurements.map((column) => (cells[column] ?? null) as boolean | null);
  const { id, trusted, difficulty, group, pair } = columns;
  return {
    text: cells[columns.text] as string,
    groundTruth: (cells[columns.groundTruth] ?? null) as boolean | null,
    // As the labels of a supervisor that is trained here would stand.
    measurements: measured.length > 0 ? measured : weakLabels.map((label) => label > 0.5),
    trusted: trusted !== undefined && (cells[trusted] as boolean),
    ...(weakLabels.length > 0 && { weakLabels }),
    ...(id !== undefined && { id: cells[id] as string }),
    ...(difficulty !== undefined && { difficulty: cells[difficulty] as number }),
    ...(group !== undefined && { group: cells[group] as string }),
    ...(pair !== undefined && {
      pairs: [
        {
          prompt: cells[pair.prompt] as string,
          negative: cells[pair.negative] as string,
          positive: cells[pair.positive] as string,
        },
      ],
    }),
  };
}
