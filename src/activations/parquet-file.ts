import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { type ByteSource, openFile } from './byte-source.ts';

/** A Parquet file of which some columns are read, some rows at a time. */
export interface ParquetFile {
  readonly path: string;
  readonly metadata: FileMetaData;
  /** Rows of each row group, in order. */
  readonly groupRows: readonly number[];
  /** Values of one column in a range of rows, which must lie within one row group. */
  column(name: string, start: number, end: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/**
 * Opens a Parquet file.
 * @param fault makes the error for a file that is no readable Parquet file, or a column that is damaged.
 */
export async function openParquet(path: string, fault: (thing: string, got: unknown) => Error): Promise<ParquetFile> {
  const source = await openFile(path);
  const file = asyncBuffer(source);
  try {
    const metadata = await parquetMetadataAsync(file);
    const groupRows = metadata.row_groups.map((group) => Number(group.num_rows));
    const column = (name: string, start: number, end: number) =>
      readColumn(file, metadata, name, start, end).catch((error: unknown) => {
        throw fault(`column "${name}" of ${path}`, error);
      });
    return { path, metadata, groupRows, column, close: source.close };
  } catch (error) {
    await source.close();
    throw fault(path, error);
  }
}

function asyncBuffer(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.size,
    slice: async (start, end = source.size) => (await source.read(start, end - start)).buffer,
  };
}

async function readColumn(file: AsyncBuffer, metadata: FileMetaData, name: string, rowStart: number, rowEnd: number) {
  const values: unknown[] = new Array(rowEnd - rowStart);
  let found = 0;
  await parquetRead({
    file,
    metadata,
    columns: [name],
    rowStart,
    rowEnd,
    // A chunk may hold rows beyond those asked for.
    onChunk: ({ columnData, rowStart: first, rowEnd: last }) => {
      for (let row = Math.max(first, rowStart); row < Math.min(last, rowEnd); row++, found++) {
        values[row - rowStart] = columnData[row - first];
      }
    },
  });
  if (found !== rowEnd - rowStart) throw new Error(`${found} of ${rowEnd - rowStart} values`);
  return values;
}
