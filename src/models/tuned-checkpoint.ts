import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { writeWhole } from '../core/write-whole.ts';
import { headsOf } from './heads.ts';
import {
  describedNetwork,
  describeParts,
  descriptionFields,
  fittingTensors,
  modelFiles,
  readDescription,
} from './model-directory.ts';
import { modelWeights } from './model-graph.ts';
import { createNetworkModel, modelShape, type NetworkModel } from './network-model.ts';
import type { NamedTensors } from './safetensors.ts';
import { readTensors, writeTensors } from './tensor-files.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

const descriptionSchema = z.strictObject({
  format: z.literal('touchstone-tuned'),
  /** Which network the tuned weights belong on. */
  base: z.strictObject({ family: z.string(), digest: z.string() }),
  ...descriptionFields,
});

/**
 * Writes what training changed of a model over `base`: heads, adapters and whatever weights it trained (safetensors),
 * with a description (JSON), into `directory`, made if absent. With adapters that is a small part of the model.
 */
export async function saveTuned(model: NetworkModel, base: NetworkModel, directory: string): Promise<void> {
  const original = base.parts.weights;
  const own = model.parts.network.weights;
  const changed = [...model.parts.weights].filter(([name, tensor]) => !own.has(name) || original.get(name) !== tensor);
  const { family } = base.parts.network;
  const description = {
    format: 'touchstone-tuned',
    base: { family, digest: weightsDigest(base) },
    ...describeParts(model.parts),
  };
  await mkdir(directory, { recursive: true });
  await writeTensors(join(directory, modelFiles.weights), new Map(changed));
  await writeWhole(join(directory, modelFiles.description), `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * The model that {@link saveTuned} wrote to `directory`, over the same base; it answers exactly as the saved one did. What
 * the base's tokenizer, truncation, masks and runtime are, the model's are.
 * @throws UserError naming the file, and the tensor where one is to blame, when something is absent or damaged, or
 *   (`wrong-base`) when the base is not the one it was trained from.
 */
export async function loadTuned<Tokenizer extends TextTokenizer>(
  base: NetworkModel<Tokenizer>,
  directory: string,
): Promise<NetworkModel<Tokenizer>> {
  const descriptionFile = join(directory, modelFiles.description);
  const description = await readDescription(descriptionFile, descriptionSchema);
  const { virtualTokens, measurements, readAt, adapters, training, finetuning } = description;
  const { family } = base.parts.network;
  if (description.base.family !== family || description.base.digest !== weightsDigest(base)) {
    const next = 'Open the network that it was trained from.';
    throw expected('wrong-base', `the base of ${descriptionFile}`, description.base.family, `another ${family}`, next);
  }
  const { adapters: _, ...shared } = base.parts;
  const parts = {
    ...shared,
    network: describedNetwork(base.parts.network, virtualTokens),
    heads: headsOf(measurements),
    readAt,
    ...(adapters && { adapters }),
    training,
    finetuning,
  };
  const file = join(directory, modelFiles.weights);
  const { tensors } = await readTensors(file);
  const own = new Map([...base.parts.weights].filter(([name]) => base.parts.network.weights.has(name)));
  const weights = fittingTensors(new Map([...own, ...tensors]), modelWeights(modelShape(parts)), file);
  return createNetworkModel({ ...parts, weights });
}

const digests = new WeakMap<NamedTensors, string>();
const valuesDigested = 256;

/** SHA-256 over the network's weight names, shapes and up to 256 values of each weight, evenly spaced. */
function weightsDigest({ parts: { network, weights } }: NetworkModel): string {
  const known = digests.get(weights);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const name of network.weights.keys()) {
    const { shape, data } = weights.get(name) as NonNullable<ReturnType<typeof weights.get>>;
    const step = Math.max(1, Math.floor(data.length / valuesDigested));
    const count = Math.ceil(data.length / step);
    const values = Float32Array.from({ length: count }, (_, i) => data[i * step] as number);
    hash.update(JSON.stringify([name, shape])).update(new Uint8Array(values.buffer));
  }
  const digest = hash.digest('hex');
  digests.set(weights, digest);
  return digest;
}
