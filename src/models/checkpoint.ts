import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import { writeWhole } from '../core/write-whole.ts';
import type { Runtime } from './compiled.ts';
import { modelConfig } from './config.ts';
import { headsOf } from './heads.ts';
import {
  damaged,
  describedNetwork,
  describeParts,
  descriptionFields,
  fittingTensors,
  modelFiles,
  readDescription,
  readJson,
} from './model-directory.ts';
import { modelWeights } from './model-graph.ts';
import { createNetworkModel, modelShape, type NetworkModel } from './network-model.ts';
import { readTensors, writeTensors } from './tensor-files.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { createDecoder, type Decoder } from './transformer.ts';

const descriptionSchema = z.strictObject({
  format: z.literal('touchstone-transformer'),
  model: modelConfig,
  vocabulary: z.int().min(1),
  ...descriptionFields,
});

/**
 * Writes a model of the project's own network, weights (safetensors), tokenizer and description (JSON), into
 * `directory`, made if absent. Each file is written whole or not at all.
 * @throws UserError (`not-own-network`) for any other network; {@link saveTuned} keeps what was trained of such a one.
 */
export async function saveModel(model: NetworkModel<Tokenizer>, directory: string): Promise<void> {
  const { network, weights, tokenizer } = model.parts;
  if (!isDecoder(network)) {
    const next = 'Save what was trained with saveTuned.';
    throw expected('not-own-network', 'the network to save', 'a decoder of the project', network.family, next);
  }
  const { vocabulary, ...config } = network.architecture;
  const description = { format: 'touchstone-transformer', model: config, vocabulary, ...describeParts(model.parts) };
  await mkdir(directory, { recursive: true });
  await writeTensors(join(directory, modelFiles.weights), weights);
  await writeWhole(join(directory, modelFiles.tokenizer), `${JSON.stringify(tokenizer.record)}\n`);
  await writeWhole(join(directory, modelFiles.description), `${JSON.stringify(description, null, 2)}\n`);
}

/**
 * The model that {@link saveModel} wrote to `directory`; it answers exactly as the saved one did.
 * @throws UserError naming the file, and the tensor where one is to blame, when something is absent or damaged.
 */
export async function loadModel(directory: string, runtime: Runtime): Promise<NetworkModel<Tokenizer>> {
  const description = await readDescription(join(directory, modelFiles.description), descriptionSchema);
  const { model, vocabulary, virtualTokens, measurements, readAt, adapters, training, finetuning } = description;
  const tokenizerFile = join(directory, modelFiles.tokenizer);
  const tokenizer = createTokenizer(await readJson(tokenizerFile), tokenizerFile);
  if (tokenizer.vocabulary !== vocabulary) {
    throw damaged(`the vocabulary of ${tokenizerFile}`, `${vocabulary} tokens, as the model's`, tokenizer.vocabulary);
  }
  const network = describedNetwork(createDecoder({ ...model, vocabulary }), virtualTokens);
  const parts = { network, heads: headsOf(measurements), readAt, ...(adapters && { adapters }) };
  const rest = { tokenizer, training, finetuning, runtime };
  const file = join(directory, modelFiles.weights);
  const shapes = modelWeights(modelShape({ ...parts, ...rest, weights: new Map() }));
  const weights = fittingTensors((await readTensors(file)).tensors, shapes, file);
  return createNetworkModel({ ...parts, ...rest, weights });
}

function isDecoder(network: object): network is Decoder {
  return 'architecture' in network;
}
