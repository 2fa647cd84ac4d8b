import { join } from 'node:path';
import { expected } from '../core/errors.ts';
import { firstBeyond } from '../models/first-beyond.ts';
import { createSafetensorsWriter } from '../models/safetensors-writer.ts';
import type { ActivationBatch } from './activation-batch.ts';
import { createIndexWriter, type IndexWriter } from './index-writer.ts';
import { type ActivationsManifest, storeFiles, tensorName } from './manifest.ts';
import type { RecordOptions } from './record-options.ts';

const defaultShardBytes = 64 * 2 ** 20;
/** Values of this size and above round to infinity in binary16. */
const halfLimit = 65_520;

/** Fills shards row by row and writes each when it is full, with its rows of the index. */
export class ShardWriter {
  readonly #directory: string;
  readonly #options: RecordOptions;
  readonly #dtype: 'F32' | 'F16';
  readonly #capacity: number;
  readonly #buffers: ReadonlyMap<number, Float32Array>;
  readonly #index: IndexWriter;
  readonly #seen = new Set<string>();
  readonly #shards: { file: string; rows: number }[] = [];
  #ids: string[] = [];
  #positions: (number | null)[] = [];
  #written = 0;

  constructor(directory: string, options: RecordOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#dtype = options.dtype ?? 'F32';
    const columns = [...options.layers.values()].reduce((sum, count) => sum + count, 0);
    this.#capacity = Math.max(1, Math.floor((options.shardBytes ?? defaultShardBytes) / (4 * columns)));
    this.#buffers = new Map(
      [...options.layers].map(([layer, count]) => [layer, new Float32Array(this.#capacity * count)]),
    );
    this.#index = createIndexWriter(join(directory, storeFiles.index));
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#written + this.#ids.length;
  }

  async append(batch: ActivationBatch): Promise<void> {
    const { ids, positions } = this.#rowsOf(batch);
    for (const [layer, columns] of this.#options.layers) this.#check(batch, layer, columns, ids);
    for (let done = 0; done < ids.length; ) {
      const count = Math.min(this.#capacity - this.#ids.length, ids.length - done);
      for (const [layer, columns] of this.#options.layers) {
        const values = batch.layers.get(layer)?.subarray(done * columns, (done + count) * columns);
        this.#buffers.get(layer)?.set(values as Float32Array, this.#ids.length * columns);
      }
      for (let row = done; row < done + count; row++) {
        this.#ids.push(ids[row] as string);
        this.#positions.push(positions[row] as number | null);
      }
      done += count;
      if (this.#ids.length === this.#capacity) await this.#flush();
    }
  }

  /** Writes what is left. */
  async finish(): Promise<ActivationsManifest> {
    if (this.#ids.length > 0) await this.#flush();
    await this.#index.finish();
    const { layers, metadata = {} } = this.#options;
    return {
      format: 'touchstone-activations',
      version: 1,
      dtype: this.#dtype,
      rows: this.#written,
      examples: this.#seen.size,
      layers: [...layers].map(([layer, columns]) => ({ layer, columns })),
      shards: this.#shards,
      metadata,
    };
  }

  /** The id and token position of each row of a batch. */
  #rowsOf({ ids, positions }: ActivationBatch) {
    if (positions && positions.length !== ids.length) throw new RangeError('positions of some examples are absent');
    for (const id of ids) {
      if (this.#seen.has(id)) throw fault('the example ids', 'different from each other', new Error(`"${id}" twice`));
      this.#seen.add(id);
    }
    const empty = ids[positions?.findIndex((rows) => rows.length === 0) ?? -1];
    if (empty !== undefined) throw fault(`example "${empty}"`, 'one with rows', 'none', 'Choose a position for it.');
    if (!positions) return { ids, positions: ids.map(() => null) };
    return { ids: ids.flatMap((id, i) => (positions[i] ?? []).map(() => id)), positions: positions.flat() };
  }

  #check(batch: ActivationBatch, layer: number, columns: number, ids: readonly string[]): void {
    const values = batch.layers.get(layer);
    if (values?.length !== ids.length * columns) {
      throw new RangeError(`layer ${layer}: ${values?.length} values for ${ids.length} rows of ${columns} columns`);
    }
    const limit = this.#dtype === 'F16' ? halfLimit : Number.POSITIVE_INFINITY;
    const bad = firstBeyond(values, limit);
    if (bad < 0) return;
    const thing = `activations of layer ${layer} for example "${ids[Math.floor(bad / columns)]}"`;
    if (Number.isFinite(values[bad]))
      throw fault(thing, 'below 65520, to be written as F16', values[bad], 'Write F32.');
    throw fault(thing, 'finite', values[bad], 'Look for the step at which the model became non-finite.');
  }

  async #flush(): Promise<void> {
    const rows = this.#ids.length;
    const shard = this.#shards.length;
    const file = `shard-${String(shard).padStart(5, '0')}.safetensors`;
    const plans = [...this.#options.layers].map(
      ([layer, columns]) => [tensorName(layer), { dtype: this.#dtype, shape: [rows, columns] }] as const,
    );
    const writer = await createSafetensorsWriter(join(this.#directory, file), new Map(plans));
    try {
      for (const [layer, columns] of this.#options.layers) {
        await writer.append(tensorName(layer), (this.#buffers.get(layer) as Float32Array).subarray(0, rows * columns));
      }
      await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
    this.#index.append(shard, this.#ids, this.#positions);
    this.#shards.push({ file, rows });
    this.#written += rows;
    this.#ids = [];
    this.#positions = [];
  }
}

function fault(thing: string, wanted: string, got: unknown, next = 'Give every example an id of its own.') {
  return expected('invalid-activations', thing, wanted, got, next);
}
