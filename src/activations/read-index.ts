import { fault } from './manifest.ts';
import { openParquet, type ParquetFile } from './parquet-file.ts';

/** Where each example's rows are in a store, whose rows are counted over all shards. */
export interface ActivationsIndex {
  /** In order of their rows. */
  readonly ids: readonly string[];
  /** First row of each example; one more than there are examples, the last being the number of rows. */
  readonly starts: Uint32Array;
  /** Token position of each row; −1 where a row is of no single token. */
  readonly positions: Int32Array;
}

/**
 * Reads `index.parquet`, a row group at a time.
 * @param shardRows rows of each shard, in order.
 * @throws UserError when the file is damaged, does not fit the shards, or an example's rows are not together.
 */
export async function readIndex(path: string, shardRows: readonly number[]): Promise<ActivationsIndex> {
  const parquet = await openParquet(path, (thing, got) => fault(thing, 'a readable index of activations', got));
  try {
    if (parquet.groupRows.join() !== shardRows.join()) {
      throw fault(`the rows of ${path}`, 'as many as the shards have', parquet.groupRows.join());
    }
    return await readGroups(parquet, shardRows);
  } finally {
    await parquet.close();
  }
}

async function readGroups(parquet: ParquetFile, shardRows: readonly number[]): Promise<ActivationsIndex> {
  const ids: string[] = [];
  const starts: number[] = [];
  const positions = new Int32Array(shardRows.reduce((sum, count) => sum + count, 0));
  let first = 0;
  for (const [shard, count] of shardRows.entries()) {
    const group = await readGroup(parquet, shard, first, count);
    for (const [i, id] of group.ids.entries()) {
      if (id !== ids.at(-1)) {
        starts.push(first + i);
        ids.push(id);
      }
      positions[first + i] = (group.positions[i] as number | null) ?? -1;
    }
    first += count;
  }
  if (new Set(ids).size < ids.length)
    throw fault(`the example ids of ${parquet.path}`, 'together', 'one in two places');
  return { ids, starts: Uint32Array.from([...starts, first]), positions };
}

async function readGroup(parquet: ParquetFile, shard: number, first: number, count: number) {
  const column = (name: string) => parquet.column(name, first, first + count);
  const [ids, shards, rows] = await Promise.all([column('example_id'), column('shard'), column('row')]);
  const positions = await column('position');
  for (let row = 0; row < count; row++) {
    const position = positions[row];
    const fits = shards[row] === shard && rows[row] === row && typeof ids[row] === 'string';
    if (fits && (position === null || position === undefined || Number.isInteger(position))) continue;
    const got = new Error(`shard ${shards[row]}, row ${rows[row]}, position ${position}`);
    throw fault(`entry ${first + row} of ${parquet.path}`, `an example's row ${row} of shard ${shard}`, got);
  }
  return { ids: ids as readonly string[], positions };
}
