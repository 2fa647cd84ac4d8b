import { describe, expected } from '../../core/errors.ts';
import type { Network } from '../network.ts';
import type { NamedTensors } from '../safetensors.ts';
import type { CheckpointSource, FamilyNetwork } from './checkpoint-source.ts';
import { type ConfigFile, invalidCheckpoint, readConfigFile } from './config-file.ts';
import { families } from './families.ts';
import { openTokenizer, type TextTokenizer } from './tokenizer.ts';
import { openWeightFiles, type WeightFiles } from './weight-files.ts';

/** A Hugging Face checkpoint, checked but for the values of its weights. */
export interface Checkpoint {
  readonly directory: string;
  /** Its weights keep the names and the orientation that they have in the files. */
  readonly network: Network;
  readonly tokenizer: TextTokenizer;
  /** The config as it stands in config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Tensors in the files that the network does not use, such as a pooler; saving carries them along. */
  readonly unused: readonly string[];
  /**
   * The network's weights: F32, F16 and BF16 widened exactly to 32-bit floats.
   * @throws UserError naming file and tensor when a value is not finite.
   */
  readWeights(): Promise<NamedTensors>;
}

/**
 * Opens the checkpoint in a directory: config.json, tokenizer.json and safetensors weights as `save_pretrained` writes
 * them, of the families in families.ts. Reads headers only, so that its size can be judged before memory is taken.
 * @throws UserError naming the file, and the config key or tensor where one is to blame, when something is absent,
 * damaged, does not fit the rest, or cannot be built.
 */
export async function openCheckpoint(directory: string): Promise<Checkpoint> {
  const configFile = await readConfigFile(directory);
  const family = familyOf(configFile);
  const built = await withFiles(directory, async (files) => {
    const made = await family(sourceOf(configFile, files));
    requireShapes(made.network, files, configFile);
    return { ...made, unused: unusedTensors(made, files) };
  });
  const { network, unused } = built;
  const tokenizer = await openTokenizer(directory, network.vocabulary);
  const readWeights = () => withFiles(directory, (files) => readAll(network, files));
  return { directory, network, tokenizer, config: configFile.config, unused, readWeights };
}

function familyOf({ file, config }: ConfigFile) {
  const type = config.model_type;
  const family = typeof type === 'string' && Object.hasOwn(families, type) ? families[type] : undefined;
  if (family) return family;
  const known = Object.keys(families).join(', ');
  const next = 'Choose a checkpoint of one of these, or export the model to ONNX and open that.';
  throw expected('unsupported-config', `model_type in ${file}`, `one of ${known}`, type, next);
}

async function withFiles<T>(directory: string, act: (files: WeightFiles) => Promise<T>): Promise<T> {
  const files = await openWeightFiles(directory);
  try {
    return await act(files);
  } finally {
    await files.close();
  }
}

function sourceOf(configFile: ConfigFile, files: WeightFiles): CheckpointSource {
  const same = async (first: string, second: string) => {
    const [a, b] = [files.fileOf(first), files.fileOf(second)];
    if (a.info(first).shape.join() !== b.info(second).shape.join()) return false;
    const [left, right] = [await a.readFloats(first), await b.readFloats(second)];
    return left.every((value, i) => value === right[i]);
  };
  return { ...configFile, names: files.names, same };
}

function requireShapes({ weights }: Network, files: WeightFiles, { file: configFile }: ConfigFile): void {
  for (const [name, { shape }] of weights) {
    const file = files.fileOf(name);
    const got = file.info(name).shape;
    if (got.join() === shape.join()) continue;
    const thing = `the shape of tensor ${describe(name)} of ${file.path}`;
    throw invalidCheckpoint(thing, `[${shape}], as ${configFile} says`, got);
  }
}

/** Buffers that older versions of the library saved beside the weights. */
const buffers = /\.(attn|attention)\.(bias|masked_bias)$|\.rotary_emb\.inv_freq$/;

function unusedTensors({ network, duplicates, blocks }: FamilyNetwork, files: WeightFiles): string[] {
  const skipped = new Set([...network.weights.keys(), ...duplicates]);
  const unused = [...files.names].filter((name) => !skipped.has(name));
  // A tensor within the blocks that is not used means that the model computes something else than was built.
  const strange = unused.find((name) => name.startsWith(blocks) && !buffers.test(name));
  if (strange === undefined) return unused;
  const thing = `tensor ${describe(strange)} of ${files.fileOf(strange).path}`;
  throw invalidCheckpoint(thing, `one of the family ${network.family} at the size in config.json`, 'an unknown name');
}

async function readAll({ weights }: Network, files: WeightFiles): Promise<NamedTensors> {
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>();
  for (const [name, { shape }] of weights) {
    tensors.set(name, { shape, data: await files.fileOf(name).readFloats(name, { finite: true }) });
  }
  return tensors;
}
