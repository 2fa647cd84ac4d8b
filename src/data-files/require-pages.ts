import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

const maxRows = 2 ** 27;
const maxBytes = 2 ** 30;

/**
 * Requires each row group to have the columns of the schema, once each: the library passes over others in silence, and
 * lets their errors end the process.
 * @throws Error when one has not.
 */
export function requireColumns(metadata: FileMetaData): void {
  const wanted = leavesOf(parquetSchema(metadata));
  if (new Set(wanted).size < wanted.length) throw new Error('a schema that names a column twice');
  for (const { columns } of metadata.row_groups) {
    const found = columns.map(({ meta_data: summary }) => JSON.stringify(summary?.path_in_schema));
    const fits = found.length === wanted.length && found.every((path, i) => path === wanted[i]);
    if (!fits) throw new Error('a row group with other columns than the schema');
  }
}

function leavesOf({ children, path }: SchemaTree): string[] {
  return children.length === 0 ? [JSON.stringify(path)] : children.flatMap(leavesOf);
}

/**
 * Walks the headers of a row group's pages before the library decodes them: it trusts them, and a damaged one makes it
 * read for ever, or ask for memory without bound.
 * @returns bytes that the row group has when unpacked
 * @throws Error naming the column whose pages are not as the file's own summary says.
 */
export async function requirePages(file: AsyncBuffer, { columns, num_rows }: RowGroup): Promise<number> {
  if (num_rows < 0n || num_rows > maxRows) throw new Error(`a row group of ${num_rows} rows`);
  let unpacked = 0;
  for (const { meta_data: summary } of columns) {
    if (summary === undefined) throw new Error('a column without a summary');
    unpacked += await walk(file, summary, maxBytes - unpacked);
  }
  return unpacked;
}

async function walk(file: AsyncBuffer, summary: ColumnMetaData, room: number): Promise<number> {
  const column = `column "${summary.path_in_schema.join('.')}"`;
  const start = Number(summary.dictionary_page_offset || summary.data_page_offset);
  const size = Number(summary.total_compressed_size);
  const fits = start >= 0 && size >= 0 && start + size <= file.byteLength;
  if (!fits) throw new Error(`${column} outside the file`);
  const reader = { view: new DataView(await file.slice(start, start + size)), offset: 0 };
  let [unpacked, values] = [0, 0];
  while (reader.offset < size - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: full } = header;
    const data = header.data_page_header ?? header.data_page_header_v2;
    const count = data?.num_values ?? header.dictionary_page_header?.num_values ?? 0;
    if (!isWithin(packed, size - reader.offset) || !isWithin(full, room - unpacked) || !isWithin(count, maxRows)) {
      throw new Error(`${column} with a damaged page, or more than ${maxBytes} bytes in a row group`);
    }
    reader.offset += packed;
    unpacked += full;
    values += data === undefined ? 0 : count;
  }
  if (BigInt(values) !== summary.num_values) {
    throw new Error(`${column} with ${values} values in its pages, not ${summary.num_values}`);
  }
  return unpacked;
}

function isWithin(value: unknown, limit: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= limit;
}
