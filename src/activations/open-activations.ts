import { join } from 'node:path';
import { indexIds, joinIds } from './join-ids.ts';
import { createLayerRows, type LayerRows } from './layer-rows.ts';
import { type ActivationsManifest, readManifest, storeFiles } from './manifest.ts';
import { pickRows } from './pick-rows.ts';
import { readIndex } from './read-index.ts';
import { ShardFiles } from './shard-files.ts';

/** Recorded activations, open for reading. Nothing of the values is held in memory; ids and positions are. */
export interface ActivationStore {
  readonly manifest: ActivationsManifest;
  /** Example ids in order of their rows. */
  readonly ids: readonly string[];
  /** Token position of each row; −1 where a row is of no single token, such as a mean. */
  readonly positions: Int32Array;
  /** All rows of a layer, in the order in which they were recorded. */
  layer(layer: number): LayerRows;
  /**
   * The rows of these examples, in this order; those of one example in the order in which they were recorded.
   * @throws UserError that counts and names ids that are missing or asked for more than once.
   */
  rowsOf(ids: readonly string[]): Uint32Array;
  /** {@link ActivationStore.layer} cut down to {@link ActivationStore.rowsOf} these examples. */
  examples(layer: number, ids: readonly string[]): LayerRows;
  close(): Promise<void>;
}

/**
 * Opens what {@link recordActivations} wrote. Shards are opened and checked when they are first read.
 * @throws UserError naming the file when manifest or index is absent, damaged, or does not fit the other.
 */
export async function openActivations(directory: string): Promise<ActivationStore> {
  const manifest = await readManifest(directory);
  const shardRows = manifest.shards.map(({ rows }) => rows);
  const { ids, starts, positions } = await readIndex(join(directory, storeFiles.index), shardRows);
  const files = new ShardFiles(directory, manifest);
  const layers = new Map(
    manifest.layers.map(({ layer, columns }) => [layer, layerOf(files, shardRows, layer, columns)]),
  );
  const layer = (number: number) => {
    const found = layers.get(number);
    if (!found) throw new RangeError(`layer ${number} was not recorded in ${directory}: ${[...layers.keys()]} were`);
    return found;
  };
  const index = indexIds(ids);
  const rowsOf = (wanted: readonly string[]) => expand(joinIds(index, wanted, directory), starts);
  return {
    manifest,
    ids,
    positions,
    layer,
    rowsOf,
    examples: (number, wanted) => pickRows(layer(number), rowsOf(wanted)),
    close: () => files.close(),
  };
}

/** The rows of each of these examples. */
function expand(examples: Uint32Array, starts: Uint32Array): Uint32Array {
  const start = (example: number) => starts[example] as number;
  const rows = new Uint32Array(examples.reduce((sum, example) => sum + start(example + 1) - start(example), 0));
  let at = 0;
  for (const example of examples) {
    for (let row = start(example); row < start(example + 1); row++) rows[at++] = row;
  }
  return rows;
}

function layerOf(files: ShardFiles, shardRows: readonly number[], layer: number, columns: number): LayerRows {
  const ends: number[] = [];
  for (const rows of shardRows) ends.push((ends.at(-1) ?? 0) + rows);
  return createLayerRows(ends.at(-1) ?? 0, columns, async (start, count) => {
    let shard = ends.findIndex((end) => start < end);
    const shardStart = (ends[shard - 1] ?? 0) as number;
    if (count === 0) return new Float32Array(0);
    // Most reads lie within one shard and need no copy.
    if (start + count <= (ends[shard] as number)) return await files.read(shard, layer, start - shardStart, count);
    const values = new Float32Array(count * columns);
    for (let done = 0; done < count; shard++) {
      const from = start + done - (ends[shard - 1] ?? 0);
      const part = Math.min(count - done, (shardRows[shard] as number) - from);
      values.set(await files.read(shard, layer, from, part), done * columns);
      done += part;
    }
    return values;
  });
}
