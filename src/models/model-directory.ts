/** What the directories of saved models have in common: names, JSON with its errors, tensors that must fit. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { finetuningConfig, trainingConfig } from './config.ts';
import { readPlaces } from './model-graph.ts';
import type { Network, WeightShape } from './network.ts';
import type { ModelParts } from './network-model.ts';
import type { NamedTensors } from './safetensors.ts';
import { withVirtualTokens } from './virtual-tokens.ts';

export const modelFiles = {
  weights: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  description: 'model.json',
} as const;

/** Fields that every description has. */
export const descriptionFields = {
  version: z.literal(1),
  measurements: z.int().min(0),
  readAt: z.enum(readPlaces).default('last'),
  virtualTokens: z.int().min(0).default(0),
  adapters: z.strictObject({ rank: z.int().min(1), alpha: z.number(), weights: z.array(z.string()) }).optional(),
  training: trainingConfig,
  finetuning: finetuningConfig,
};

/** The fields of {@link descriptionFields} for a model. */
export function describeParts({ network, heads, readAt, adapters, training, finetuning }: ModelParts) {
  const { virtualTokens = 0 } = network;
  const added = { ...(virtualTokens > 0 && { virtualTokens }), ...(adapters && { adapters }) };
  return { version: 1, measurements: heads.length - 2, readAt, ...added, training, finetuning };
}

/** The network with as many learned vectors before each text as a description says. */
export function describedNetwork<N extends Network>(network: N, virtualTokens: number): N {
  return virtualTokens === 0 ? network : withVirtualTokens(network, virtualTokens);
}

/** A JSON file that `schema` takes. */
export async function readDescription<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw damaged(file, 'a model description', z.prettifyError(parsed.error));
}

export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw damaged(file, 'a readable file', error);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(file, 'JSON', text.slice(0, 60));
  }
}

/** The tensors in the order of `shapes`, each of its shape, none besides. */
export function fittingTensors(
  tensors: NamedTensors,
  shapes: ReadonlyMap<string, WeightShape>,
  file: string,
): NamedTensors {
  for (const name of tensors.keys()) {
    if (!shapes.has(name)) throw damaged(`tensor "${name}" of ${file}`, 'one of the model', 'an unknown name');
  }
  return new Map(
    [...shapes].map(([name, { shape }]) => {
      const thing = `tensor "${name}" of ${file}`;
      const tensor = tensors.get(name);
      if (!tensor) throw damaged(thing, 'present', 'nothing');
      if (tensor.shape.join() !== shape.join()) throw damaged(`the shape of ${thing}`, `[${shape}]`, tensor.shape);
      return [name, tensor];
    }),
  );
}

export function damaged(thing: string, wanted: string, got: unknown) {
  return expected('invalid-model', thing, wanted, got, 'Train the model again, or restore the file.');
}
