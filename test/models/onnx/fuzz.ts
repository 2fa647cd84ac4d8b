import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import { inspectOnnx } from '../../../src/models/onnx/inspect-onnx.ts';
import { createOnnxNetwork } from '../../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../../src/models/onnx/read-onnx-weights.ts';
import { written } from './make-model.ts';
import { mutateStructure } from './mutate-structure.ts';
import { fixture } from './support.ts';

export const fuzzedFixtures = ['whisper.dynamo.onnx', 'bert.legacy.onnx', 'gpt2.dynamo.onnx', 'deberta.dynamo.onnx'];

interface FuzzCounts {
  opened: number;
  refused: number;
}

/**
 * Opens mutated files, reads their weights and builds them; whatever is thrown must be a UserError.
 * @throws what was thrown otherwise, with the seed of the file.
 */
export async function fuzz(name: string, files: number): Promise<FuzzCounts> {
  const sound = readFileSync(fixture(name));
  const counts: FuzzCounts = { opened: 0, refused: 0 };
  for (let seed = 0; seed < files; seed++) {
    const file = written(mutate(sound, createRng(seed, 'fuzz', name)));
    try {
      await use(file);
      counts.opened++;
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`${name}, seed ${seed}`, { cause: error });
      counts.refused++;
    } finally {
      await rm(dirname(file), { recursive: true });
    }
  }
  return counts;
}

async function use(file: string): Promise<void> {
  const model = await openOnnx(file);
  await readOnnxWeights(model);
  if (model.inputs.some((input) => input.name === 'input_ids')) createOnnxNetwork(model);
  else inspectOnnx(model, Object.fromEntries(model.inputs.map(({ name }) => [name, [2, 8, 16]])));
}

/** Flips bytes, cuts, puts one part of the file over or between others, or changes what the model says. */
function mutate(sound: Uint8Array, rng: Rng): Uint8Array {
  // A Buffer’s slice would share its bytes.
  const bytes = new Uint8Array(sound);
  const at = () => rng.integer(0, bytes.length - 1);
  const kind = rng.integer(0, 7);
  if (kind > 4) return mutateStructure(sound, rng);
  if (kind === 0) return bytes.subarray(0, at());
  if (kind === 1) {
    const [from, to, length] = [at(), at(), rng.integer(1, 200)];
    bytes.copyWithin(to, from, from + length);
    return bytes;
  }
  if (kind === 2) {
    const [from, to, length] = [at(), at(), rng.integer(1, 2000)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to)]);
  }
  const flips = kind === 3 ? 1 : rng.integer(2, 50);
  for (let i = 0; i < flips; i++) bytes[at()] = rng.integer(0, 255);
  return bytes;
}
