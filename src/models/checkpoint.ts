import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { type Architecture, weightSpecs } from './architecture.ts';
import type { Runtime } from './compiled.ts';
import { finetuningConfig, modelConfig, trainingConfig } from './config.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from './safetensors.ts';
import { createTokenizer } from './tokenizer.ts';
import { createTransformerModel, type TransformerModel } from './transformer-model.ts';

const files = { weights: 'model.safetensors', tokenizer: 'tokenizer.json', description: 'model.json' } as const;
const next = 'Train the model again, or restore the file.';

const descriptionSchema = z.strictObject({
  format: z.literal('touchstone-transformer'),
  version: z.literal(1),
  model: modelConfig,
  vocabulary: z.int().min(1),
  measurements: z.int().min(0),
  training: trainingConfig,
  finetuning: finetuningConfig,
});

/** Writes weights (safetensors), tokenizer and description (JSON) into `directory`, made if absent. Not atomic. */
export async function saveModel(model: TransformerModel, directory: string): Promise<void> {
  const { architecture, weights, tokenizer, training, finetuning } = model.parts;
  const { vocabulary, measurements, ...config } = architecture;
  const head = { format: 'touchstone-transformer', version: 1 };
  const description = { ...head, model: config, vocabulary, measurements, training, finetuning };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, files.weights), encodeSafetensors({ tensors: weights, metadata: {} }));
  await writeFile(join(directory, files.tokenizer), `${JSON.stringify(tokenizer.record)}\n`);
  await writeFile(join(directory, files.description), `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * The model that {@link saveModel} wrote to `directory`; it answers exactly as the saved one did.
 * @throws UserError naming the file, and the tensor where one is to blame, when something is absent or damaged.
 */
export async function loadModel(directory: string, runtime: Runtime): Promise<TransformerModel> {
  const descriptionFile = join(directory, files.description);
  const parsed = descriptionSchema.safeParse(await readJson(descriptionFile));
  if (!parsed.success) throw damaged(descriptionFile, 'a model description', z.prettifyError(parsed.error));
  const { model, vocabulary, measurements, training, finetuning } = parsed.data;
  const architecture = { ...model, vocabulary, measurements };
  const tokenizerFile = join(directory, files.tokenizer);
  const tokenizer = createTokenizer(await readJson(tokenizerFile), tokenizerFile);
  if (tokenizer.vocabulary !== vocabulary) {
    throw damaged(`the vocabulary of ${tokenizerFile}`, `${vocabulary} tokens, as the model's`, tokenizer.vocabulary);
  }
  const weights = await readWeights(join(directory, files.weights), architecture);
  return createTransformerModel({ architecture, weights, tokenizer, training, finetuning, runtime });
}

async function readWeights(file: string, architecture: Architecture): Promise<NamedTensors> {
  const { tensors } = decodeSafetensors(await read(file), file);
  const specs = weightSpecs(architecture);
  for (const name of tensors.keys()) {
    if (!specs.has(name)) throw damaged(`tensor "${name}" of ${file}`, 'one of the model', 'an unknown name');
  }
  return new Map([...specs].map(([name, { shape }]) => [name, requireTensor(tensors, name, shape, file)]));
}

function requireTensor(tensors: NamedTensors, name: string, shape: readonly number[], file: string) {
  const thing = `tensor "${name}" of ${file}`;
  const tensor = tensors.get(name);
  if (!tensor) throw damaged(thing, 'present', 'nothing');
  if (tensor.shape.join() !== shape.join()) throw damaged(`the shape of ${thing}`, `[${shape}]`, tensor.shape);
  const bad = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw damaged(thing, 'finite', `${tensor.data[bad]} at element ${bad}`);
  return tensor;
}

async function readJson(file: string): Promise<unknown> {
  const text = (await read(file)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(file, 'JSON', text.slice(0, 60));
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw damaged(file, 'a readable file', error);
  }
}

function damaged(thing: string, wanted: string, got: unknown) {
  return expected('invalid-model', thing, wanted, got, next);
}
