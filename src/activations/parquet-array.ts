import { type ArrayFile, absentName, arrayFault as fault, idOf } from './array-file.ts';
import { createLayerRows, type LayerRows } from './layer-rows.ts';
import { openParquet, type ParquetFile } from './parquet-file.ts';

/**
 * Opens a Parquet file whose activations are a column of lists of floats, or several columns of floats. Row groups are
 * decoded when their rows are asked for, and the last one is kept; so read in order, and write small row groups.
 * @throws UserError when the file is no readable Parquet file.
 */
export async function openParquetArrays(path: string): Promise<ArrayFile> {
  const parquet = await openParquet(path, (thing, got) => fault(thing, 'readable as Parquet', got));
  const names = columnNames(parquet);
  const check = (name: string) => {
    if (!names.includes(name)) throw absentName(name, names, path);
  };
  return {
    path,
    names,
    rows: async (columns) => {
      columns.forEach(check);
      return await rowsOf(parquet, columns);
    },
    ids: async (name) => {
      check(name);
      const values = await Promise.all(groupsOf(parquet).map(({ start, end }) => parquet.column(name, start, end)));
      return values.flat().map((value, row) => idOf(value, `column "${name}" of ${path}`, row));
    },
    close: parquet.close,
  };
}

/** The columns below the root of the schema. */
function columnNames({ metadata }: ParquetFile): string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = metadata.schema[at]?.num_children ?? 0; child > 0; child--) next = skip(next);
    return next;
  };
  for (let at = 1; at < metadata.schema.length; at = skip(at)) names.push(metadata.schema[at]?.name ?? '');
  return names;
}

function groupsOf({ groupRows }: ParquetFile): { start: number; end: number }[] {
  let end = 0;
  return groupRows.map((rows) => {
    end += rows;
    return { start: end - rows, end };
  });
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly columns: number;
  /** Row-major. */
  readonly values: Float32Array;
}

async function rowsOf(parquet: ParquetFile, names: readonly string[]): Promise<LayerRows> {
  const groups = groupsOf(parquet).filter(({ start, end }) => end > start);
  const rows = groups.at(-1)?.end ?? 0;
  let kept: Group | undefined;
  const groupAt = async (row: number): Promise<Group> => {
    const place = groups.find(({ end }) => row < end) as { start: number; end: number };
    if (kept?.start !== place.start) kept = await decodeGroup(parquet, names, place.start, place.end);
    return kept;
  };
  const columns = rows > 0 ? (await groupAt(0)).columns : names.length;
  return createLayerRows(rows, columns, async (start, count) => {
    const values = new Float32Array(count * columns);
    for (let row = start; row < start + count; ) {
      const group = await groupAt(row);
      if (group.columns !== columns) throw ragged(parquet, names, group.start, columns, group.columns);
      const end = Math.min(group.end, start + count);
      const from = (row - group.start) * columns;
      values.set(group.values.subarray(from, from + (end - row) * columns), (row - start) * columns);
      row = end;
    }
    return values;
  });
}

async function decodeGroup(parquet: ParquetFile, names: readonly string[], start: number, end: number): Promise<Group> {
  const read = await Promise.all(names.map((name) => parquet.column(name, start, end)));
  const rows = end - start;
  const first = read[0]?.[0];
  const columns = isList(first) ? first.length : names.length;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const list = isList(first) ? read[0]?.[row] : read.map((column) => column[row]);
    if (!isList(list) || list.length !== columns) throw ragged(parquet, names, start + row, columns, list);
    for (let j = 0; j < columns; j++) values[row * columns + j] = floatOf(parquet, names, start + row, list[j]);
  }
  return { start, end, columns, values };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
}

function floatOf(parquet: ParquetFile, names: readonly string[], row: number, value: unknown): number {
  if (typeof value === 'number') return value;
  throw fault(`row ${row} of "${names.join(', ')}" in ${parquet.path}`, 'floats', value);
}

function ragged(parquet: ParquetFile, names: readonly string[], row: number, columns: number, got: unknown) {
  const found = isList(got) ? `${got.length}` : got;
  return fault(`row ${row} of "${names.join(', ')}" in ${parquet.path}`, `${columns} floats, as the first row`, found);
}
