import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { expected } from '../core/errors.ts';

/** Files of an activations directory. */
export const storeFiles = { manifest: 'activations.json', index: 'index.parquet' } as const;

/** The name of a layer's tensor in every shard. */
export const tensorName = (layer: number) => `layer-${layer}`;

const count = z.int().min(0);
const manifestSchema = z.strictObject({
  format: z.literal('touchstone-activations'),
  version: z.literal(1),
  dtype: z.enum(['F32', 'F16']),
  rows: count,
  examples: count,
  layers: z.array(z.strictObject({ layer: count, columns: count.min(1) })).min(1),
  shards: z.array(z.strictObject({ file: z.string().regex(/^shard-\d+\.safetensors$/), rows: count.min(1) })),
  /** What the writer said of them, e.g. model and token position. */
  metadata: z.record(z.string(), z.string()),
});

/** What an activations directory says of itself. */
export type ActivationsManifest = z.infer<typeof manifestSchema>;

/**
 * Reads the manifest of an activations directory.
 * @throws UserError naming the file when it is absent or damaged.
 */
export async function readManifest(directory: string): Promise<ActivationsManifest> {
  const path = join(directory, storeFiles.manifest);
  const parsed = manifestSchema.safeParse(await readJson(path));
  if (!parsed.success) throw fault(path, 'a description of activations', new Error(z.prettifyError(parsed.error)));
  const rows = parsed.data.shards.reduce((sum, shard) => sum + shard.rows, 0);
  if (rows !== parsed.data.rows) throw fault(`the rows of ${path}`, `${rows}, as its shards have`, parsed.data.rows);
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw fault(path, 'a readable JSON file', error);
  }
}

/** A fault of an activations directory. */
export function fault(thing: string, wanted: string, got: unknown) {
  return expected('invalid-activations', thing, wanted, got, 'Record the activations again, or restore the file.');
}
