import { join } from 'node:path';
import { openSafetensors, type SafetensorsFile } from '../models/safetensors-file.ts';
import { type ActivationsManifest, fault, tensorName } from './manifest.ts';

/** Shards kept open; a process may have some hundred files open in all. */
const mostOpen = 32;

interface Slot {
  readonly file: Promise<SafetensorsFile>;
  users: number;
}

/** The shards of a store, opened when they are first read. */
export class ShardFiles {
  readonly #directory: string;
  readonly #manifest: ActivationsManifest;
  /** By shard, the one used longest ago first. */
  readonly #slots = new Map<number, Slot>();

  constructor(directory: string, manifest: ActivationsManifest) {
    this.#directory = directory;
    this.#manifest = manifest;
  }

  /** Rows of a layer in one shard. */
  async read(shard: number, layer: number, start: number, count: number): Promise<Float32Array<ArrayBuffer>> {
    const slot = this.#slots.get(shard) ?? { file: this.#open(shard), users: 0 };
    this.#slots.delete(shard);
    this.#slots.set(shard, slot);
    slot.users++;
    try {
      const file = await slot.file.catch((error: unknown) => {
        this.#slots.delete(shard);
        throw error;
      });
      return await file.readFloats(tensorName(layer), { rows: { start, count } });
    } finally {
      slot.users--;
      await this.#closeIdle();
    }
  }

  async close(): Promise<void> {
    const files = await Promise.allSettled([...this.#slots.values()].map(({ file }) => file));
    this.#slots.clear();
    await Promise.all(files.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)));
  }

  async #open(shard: number): Promise<SafetensorsFile> {
    const { file, rows } = this.#manifest.shards[shard] as ActivationsManifest['shards'][number];
    const opened = await openSafetensors(join(this.#directory, file));
    try {
      for (const { layer, columns } of this.#manifest.layers) this.#checkTensor(opened, layer, [rows, columns]);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  #checkTensor(file: SafetensorsFile, layer: number, shape: readonly number[]): void {
    const tensor = file.info(tensorName(layer));
    const found = `${tensor.dtype} [${tensor.shape}]`;
    const wanted = `${this.#manifest.dtype} [${shape}]`;
    if (found !== wanted) throw fault(`tensor "${tensorName(layer)}" of ${file.path}`, wanted, found);
  }

  async #closeIdle(): Promise<void> {
    for (const [shard, slot] of this.#slots) {
      if (this.#slots.size <= mostOpen) return;
      if (slot.users > 0) continue;
      this.#slots.delete(shard);
      await (await slot.file).close();
    }
  }
}
