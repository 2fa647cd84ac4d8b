import { copyFile, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import { writeWhole } from '../../core/write-whole.ts';
import type { NamedTensors } from '../safetensors.ts';
import type { WritableDtype } from '../safetensors-floats.ts';
import { createSafetensorsWriter, type SafetensorsWriter } from '../safetensors-writer.ts';
import type { Checkpoint } from './open-checkpoint.ts';
import { openWeightFiles, type WeightFiles, weightFileNames } from './weight-files.ts';

export interface SaveOptions {
  /** @default 'F32' */
  readonly dtype?: WritableDtype;
}

/** Names of dtypes in config.json. */
const dtypeNames = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const satisfies Record<
  WritableDtype,
  string
>;

/**
 * Writes a checkpoint that `from_pretrained` of the transformers library loads: the given weights and those of the
 * original's tensors that the network does not use, in one safetensors file; its config with the new dtype; its
 * tokenizer's files unchanged. The directory is made if absent.
 * @param weights by name, with every weight of the checkpoint's network; others, such as heads, are left out.
 * @throws UserError when the directory is the checkpoint's own, a weight is absent, or a tensor cannot be read.
 */
export async function saveCheckpoint(
  checkpoint: Checkpoint,
  weights: NamedTensors,
  directory: string,
  options: SaveOptions = {},
): Promise<void> {
  const { dtype = 'F32' } = options;
  await mkdir(directory, { recursive: true });
  await requireOther(directory, checkpoint.directory);
  await writeWeights(checkpoint, weights, directory, dtype);
  // The older name of the key is kept where the config has it.
  const key = 'torch_dtype' in checkpoint.config ? 'torch_dtype' : 'dtype';
  const config = { ...checkpoint.config, [key]: dtypeNames[dtype] };
  await writeWhole(join(directory, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  for (const name of await readdir(checkpoint.directory)) {
    if (companion.test(name)) await copyFile(join(checkpoint.directory, name), join(directory, name));
  }
}

/** Files beside config and weights that belong to a checkpoint. */
const companion =
  /^(tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json|vocab\.(txt|json)|merges\.txt|tokenizer\.model|generation_config\.json|chat_template\.jinja)$/;

async function requireOther(directory: string, original: string): Promise<void> {
  if ((await realpath(directory)) !== (await realpath(original))) return;
  const next = 'Save to another directory, since the original is read while the new one is written.';
  throw expected('same-directory', 'the directory to save to', "another than the checkpoint's own", directory, next);
}

async function writeWeights(checkpoint: Checkpoint, weights: NamedTensors, directory: string, dtype: WritableDtype) {
  const { network, unused, directory: original } = checkpoint;
  const files = await openWeightFiles(original);
  try {
    const carried = unused.filter((name) => isFloat(files, name));
    const plans = new Map(
      [...network.weights, ...carried.map((name) => [name, files.fileOf(name).info(name)] as const)].map(
        ([name, { shape }]) => [name, { dtype, shape }],
      ),
    );
    const valuesOf = async (name: string) =>
      network.weights.has(name) ? requireWeight(weights, name) : files.fileOf(name).readFloats(name);
    const writer = await createSafetensorsWriter(join(directory, weightFileNames.whole), plans, { format: 'pt' });
    await writeAll(writer, [...plans.keys()], valuesOf);
  } finally {
    await files.close();
  }
  // Shards that an earlier checkpoint left here would be read in vain.
  await rm(join(directory, weightFileNames.index), { force: true });
}

/** Buffers of booleans and positions, which the library makes itself, are not carried along. */
function isFloat(files: WeightFiles, name: string): boolean {
  return ['F32', 'F16', 'BF16', 'F64'].includes(files.fileOf(name).info(name).dtype);
}

async function writeAll(
  writer: SafetensorsWriter,
  names: readonly string[],
  valuesOf: (name: string) => Promise<Float32Array>,
): Promise<void> {
  try {
    for (const name of names) await writer.append(name, await valuesOf(name));
  } catch (error) {
    await writer.discard();
    throw error;
  }
  await writer.finish();
}

async function requireWeight(weights: NamedTensors, name: string): Promise<Float32Array> {
  const tensor = weights.get(name);
  if (tensor) return tensor.data;
  throw expected('missing-weight', `weight "${name}"`, 'among those to save', 'nothing', 'Give every weight.');
}
