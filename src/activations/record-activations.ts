import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EnvironmentError, expected } from '../core/errors.ts';
import { unfinishedPath, writeWhole } from '../core/write-whole.ts';
import type { ActivationBatch } from './activation-batch.ts';
import { type ActivationsManifest, storeFiles } from './manifest.ts';
import type { RecordOptions } from './record-options.ts';
import { ShardWriter } from './shard-writer.ts';

/**
 * Streams activations into a new directory: safetensors shards with one tensor `layer-<l>` (rows × columns) per layer,
 * `index.parquet` with the example id, shard, row in the shard and token position of every row, and `activations.json`.
 * The directory appears whole or not at all. Memory: one shard, one batch, and the ids.
 * @throws UserError when the directory exists, an id comes twice, or a value is not finite or too large for F16.
 * @throws EnvironmentError when it cannot be written.
 */
export async function recordActivations(
  directory: string,
  batches: AsyncIterable<ActivationBatch> | Iterable<ActivationBatch>,
  options: RecordOptions,
): Promise<ActivationsManifest> {
  await requireAbsent(directory);
  const aside = unfinishedPath(directory);
  const disk = <T>(write: () => Promise<T>) =>
    write().catch((error: unknown) => Promise.reject(asFault(error, directory)));
  await disk(() => mkdir(aside, { recursive: true }));
  const shards = new ShardWriter(aside, options);
  try {
    for await (const batch of batches) {
      options.signal?.throwIfAborted();
      await disk(() => shards.append(batch));
      options.progress?.(shards.rows);
    }
    return await disk(async () => {
      const manifest = await shards.finish();
      await writeWhole(join(aside, storeFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
      await rename(aside, directory);
      return manifest;
    });
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function requireAbsent(directory: string): Promise<void> {
  if (!(await stat(directory).catch(() => undefined))) return;
  const next = 'Choose another name, or remove it first.';
  throw expected('activations-exist', `the activations directory ${directory}`, 'absent', 'one that exists', next);
}

/** A fault of the file system as an error that says what to do; others unchanged. */
function asFault(error: unknown, directory: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const next = `Free space in ${dirname(directory)} or choose a directory that can be written.`;
  const message = `Expected ${directory} to be writable, got ${error.message}. ${next}`;
  return new EnvironmentError('cannot-write', message, { cause: error });
}
