import { open } from 'node:fs/promises';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/** Writes `index.parquet`, a row group per shard. */
export interface IndexWriter {
  /** The next shard's rows in order: their example ids and token positions. */
  append(shard: number, ids: readonly string[], positions: readonly (number | null)[]): void;
  /** Ends the file and syncs it. */
  finish(): Promise<void>;
}

/** Columns: `example_id`, `shard`, `row` (in the shard) and `position` (of the token; null where a row is of no single token). */
export function createIndexWriter(path: string): IndexWriter {
  const parquet = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: 4 },
      { name: 'example_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'shard', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'row', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'position', type: 'INT32', repetition_type: 'OPTIONAL' },
    ],
  });
  return {
    append: (shard, ids, positions) => {
      const columnData = [
        { name: 'example_id', data: [...ids] },
        { name: 'shard', data: new Int32Array(ids.length).fill(shard) },
        { name: 'row', data: Int32Array.from(ids, (_, row) => row) },
        { name: 'position', data: [...positions] },
      ];
      // Nothing is pending: a file writer has no asynchronous flush.
      void parquet.write({ columnData, rowGroupSize: ids.length });
    },
    finish: async () => {
      await parquet.finish();
      const handle = await open(path, 'r+');
      await handle.sync().finally(() => handle.close());
    },
  };
}
