import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { describe } from '../../core/errors.ts';
import { openSafetensors, type SafetensorsFile } from '../safetensors-file.ts';
import { invalidCheckpoint, readJson } from './config-file.ts';

export const weightFileNames = { whole: 'model.safetensors', index: 'model.safetensors.index.json' } as const;

/** The tensors of a checkpoint, in one file or in shards. */
export interface WeightFiles {
  readonly names: ReadonlySet<string>;
  /** The open file that holds a tensor. @throws UserError when none does. */
  fileOf(name: string): SafetensorsFile;
  close(): Promise<void>;
}

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names; no tensor is read yet.
 * @throws UserError naming the file, and the tensor where one is to blame, when a shard is absent or damaged or lacks a
 * tensor that the index puts into it.
 */
export async function openWeightFiles(directory: string): Promise<WeightFiles> {
  const whole = join(directory, weightFileNames.whole);
  const indexFile = join(directory, weightFileNames.index);
  if (existsSync(whole) || !existsSync(indexFile)) {
    requireSafetensors(whole, directory);
    return weightFiles([await openSafetensors(whole)], directory);
  }
  const index = await readIndex(indexFile);
  const files = await openAll([...new Set(index.values())].map((shard) => join(directory, shard)));
  const opened = weightFiles(files, directory);
  const lost = [...index].find(([name, shard]) => basename(opened.find(name)?.path ?? '') !== shard);
  if (!lost) return opened;
  await opened.close();
  throw invalidCheckpoint(`shard ${join(directory, lost[1])}`, `a file with tensor ${describe(lost[0])}`, 'none');
}

/** The shard of each tensor. */
export async function readIndex(file: string): Promise<ReadonlyMap<string, string>> {
  const parsed = indexSchema.safeParse(await readJson(file));
  if (parsed.success) return new Map(Object.entries(parsed.data.weight_map));
  const problem = parsed.error.issues[0];
  throw invalidCheckpoint(file, 'an index of shards', `${problem?.path.join('.')}: ${problem?.message}`);
}

const indexSchema = z.looseObject({
  // A plain name, so that an index cannot point outside its directory.
  weight_map: z
    .record(z.string(), z.string().regex(/^[\w.-]+\.safetensors$/, 'must be the name of a safetensors file'))
    .refine((map) => Object.keys(map).length > 0, 'must name a tensor'),
});

function requireSafetensors(file: string, directory: string): void {
  if (existsSync(file)) return;
  const pickled = existsSync(join(directory, 'pytorch_model.bin'));
  throw invalidCheckpoint(
    directory,
    `a directory with ${weightFileNames.whole} or ${weightFileNames.index}`,
    pickled ? 'one with pytorch_model.bin, which is not read because it can run code' : 'one without',
  );
}

async function openAll(paths: readonly string[]): Promise<SafetensorsFile[]> {
  const files: SafetensorsFile[] = [];
  try {
    for (const path of paths) files.push(await openSafetensors(path));
    return files;
  } catch (error) {
    await Promise.all(files.map((file) => file.close()));
    throw error;
  }
}

function weightFiles(files: readonly SafetensorsFile[], directory: string) {
  const byName = new Map(files.flatMap((file) => [...file.tensors.keys()].map((name) => [name, file] as const)));
  return {
    names: new Set(byName.keys()),
    find: (name: string) => byName.get(name),
    fileOf(name: string): SafetensorsFile {
      const file = byName.get(name);
      if (file) return file;
      throw invalidCheckpoint(`the weights in ${directory}`, `with tensor ${describe(name)}`, `${byName.size} others`);
    },
    close: async () => {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
