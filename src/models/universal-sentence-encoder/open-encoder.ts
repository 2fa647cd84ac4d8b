import { join } from 'node:path';
import { z } from 'zod';
import type { Network } from '../network.ts';
import type { NamedTensor, NamedTensors } from '../safetensors.ts';
import type { TextTokenizer } from '../text-tokenizer.ts';
import { encoderFileNames } from './built-in-directory.ts';
import { damaged } from './damaged.ts';
import { createEncoderNetwork } from './encoder-network.ts';
import { type EncoderWeight, encoderSize, encoderWeights, sentenceLayer } from './encoder-weights.ts';
import { readJson } from './model-files.ts';
import { openTfjsWeights, type TfjsWeights } from './tfjs-weights.ts';
import { createUnigramTokenizer, type Piece } from './unigram-tokenizer.ts';

/** Universal Sentence Encoder lite, checked but for the values of its weights. */
export interface EncoderFiles {
  readonly network: Network;
  readonly tokenizer: TextTokenizer;
  /** Every file that what it computes depends on. */
  readonly files: readonly string[];
  /** The network's weights. @throws UserError naming file and weight when a value cannot be read or is not finite. */
  readWeights(): Promise<NamedTensors>;
  /** `weight`, (512 × 512), and `bias`, (512), of the layer that makes sentence embeddings; no part of the network. */
  readSentenceLayer(): Promise<NamedTensors>;
}

/**
 * Opens Universal Sentence Encoder lite as TensorFlow.js has it: `model.json`, the weights it names and `vocab.json`.
 * @throws UserError (`invalid-checkpoint`) naming the file, and the weight where one is to blame, when something is
 *   absent, damaged, or of another model.
 */
export async function openEncoder(directory: string): Promise<EncoderFiles> {
  const model = join(directory, encoderFileNames.model);
  const vocabulary = join(directory, encoderFileNames.vocabulary);
  const stored = await openTfjsWeights(model);
  const [own, last] = [encoderWeights(), new Map<string, EncoderWeight>(Object.entries(sentenceLayer))];
  for (const weight of [...own.values(), ...last.values()]) requireShape(stored, weight, model);
  return {
    network: createEncoderNetwork(),
    tokenizer: createUnigramTokenizer(await readPieces(vocabulary)),
    files: [model, vocabulary, ...stored.shards],
    readWeights: () => readNamed(stored, own),
    readSentenceLayer: () => readNamed(stored, last),
  };
}

function requireShape({ shapes }: TfjsWeights, { stored, shape }: EncoderWeight, file: string): void {
  const got = shapes.get(stored);
  if (got?.filter((size) => size !== 1).join() === shape.join()) return;
  throw damaged(`the weight "${stored}" of ${file}`, `of shape [${shape}]`, got ?? 'none');
}

async function readNamed(stored: TfjsWeights, weights: ReadonlyMap<string, EncoderWeight>): Promise<NamedTensors> {
  const tensors = await stored.read(Array.from(weights.values(), (weight) => weight.stored));
  return new Map([...weights].map(([name, { shape }], i) => [name, { shape, data: (tensors[i] as NamedTensor).data }]));
}

/** Scores of pieces with a colon are absent from the published file, which its own tokenizer reads as 0. */
const pieceSchema = z.tuple([z.string().min(1), z.number().nullable()]);

async function readPieces(file: string): Promise<readonly Piece[]> {
  const pieces = await readJson(file, z.array(pieceSchema).min(1).max(encoderSize.vocabulary));
  return pieces.map(([text, score]) => [text, score ?? 0]);
}
