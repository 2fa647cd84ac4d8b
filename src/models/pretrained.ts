/** A network that somebody trained before, whatever its files are: the one door to Hugging Face checkpoints and ONNX files. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expected } from '../core/errors.ts';
import { openCheckpoint } from './huggingface/open-checkpoint.ts';
import { openTokenizer, tokenizerFiles } from './huggingface/tokenizer.ts';
import { readIndex, weightFileNames } from './huggingface/weight-files.ts';
import type { Network } from './network.ts';
import type { OnnxModel } from './onnx/onnx-model.ts';
import { createOnnxNetwork } from './onnx/onnx-network.ts';
import { openOnnx } from './onnx/open-onnx.ts';
import { readOnnxWeights } from './onnx/read-onnx-weights.ts';
import type { NamedTensors } from './safetensors.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { builtInDirectory, hasSentenceEncoder } from './universal-sentence-encoder/built-in-directory.ts';
import { openEncoder } from './universal-sentence-encoder/open-encoder.ts';

export interface Pretrained {
  readonly network: Network;
  readonly tokenizer: TextTokenizer;
  /** Every file that what it computes depends on. */
  readonly files: readonly string[];
  /** @throws UserError naming file and tensor when a value cannot be read or is not finite. */
  readWeights(): Promise<NamedTensors>;
}

export interface PretrainedOptions {
  /** Longest text in tokens, at most what the network takes. @default what the network takes */
  readonly maxTokens?: number | undefined;
}

/**
 * Opens a Hugging Face directory (config.json, tokenizer.json, safetensors), an ONNX file, or a directory with
 * `model.onnx` or `onnx/model.onnx`; an ONNX file has its tokenizer.json beside it or in the directory above. Where no
 * file has that name, `universal-sentence-encoder-lite` is the sentence encoder that is installed with this package.
 * Weights stay on disk until they are read.
 * @throws UserError naming the file, and the key, tensor or node where one is to blame, when something is absent, damaged
 *   or cannot be built; (`too-many-tokens`) when the network does not take `maxTokens`.
 */
export async function openPretrained(path: string, { maxTokens }: PretrainedOptions = {}): Promise<Pretrained> {
  const opened = await openAny(builtInDirectory(path) ?? path);
  return { ...opened, tokenizer: withSpecial(opened.tokenizer), network: shortened(opened.network, maxTokens, path) };
}

async function openAny(path: string): Promise<Pretrained> {
  if (hasSentenceEncoder(path)) return openEncoder(path);
  const onnx = onnxFile(path);
  return onnx === undefined ? openDirectory(path) : openOnnxFile(onnx);
}

/** The ONNX file that a path means, if it does not mean a checkpoint. */
function onnxFile(path: string): string | undefined {
  if (!existsSync(path)) throw unknownModel(path, 'nothing there');
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('.onnx')) return path;
    throw unknownModel(path, 'another file');
  }
  const has = (name: string) => existsSync(join(path, name));
  if (has(weightFileNames.whole) || has(weightFileNames.index)) return undefined;
  const found = ['model.onnx', join('onnx', 'model.onnx')].find(has);
  if (found !== undefined) return join(path, found);
  if (has('config.json')) return undefined;
  throw unknownModel(path, 'a directory with none of these');
}

function unknownModel(path: string, got: string) {
  const wanted = `an .onnx file, or a directory with ${weightFileNames.whole} or model.onnx`;
  return expected('unknown-model', path, wanted, got, 'Check the path.');
}

async function openDirectory(directory: string): Promise<Pretrained> {
  const { network, tokenizer, readWeights } = await openCheckpoint(directory);
  const index = join(directory, weightFileNames.index);
  const whole = existsSync(join(directory, weightFileNames.whole));
  const weights = whole
    ? [weightFileNames.whole]
    : [weightFileNames.index, ...new Set((await readIndex(index)).values())];
  const files = [
    join(directory, 'config.json'),
    ...tokenizerPaths(directory),
    ...weights.map((name) => join(directory, name)),
  ];
  return { network, tokenizer, files, readWeights };
}

async function openOnnxFile(file: string): Promise<Pretrained> {
  const model = await openOnnx(file);
  const network = createOnnxNetwork(model);
  const directory = tokenizerDirectory(file);
  return {
    network,
    tokenizer: await openTokenizer(directory, network.vocabulary),
    files: [file, ...externalPaths(model), ...tokenizerPaths(directory)],
    readWeights: () => readOnnxWeights(model, network.weights.keys()),
  };
}

function tokenizerDirectory(file: string): string {
  const [beside, above] = [dirname(file), dirname(dirname(file))];
  const found = [beside, above].find((directory) => existsSync(join(directory, tokenizerFiles.tokenizer)));
  if (found !== undefined) return found;
  const next = `Put the tokenizer.json that the model was trained with beside it.`;
  throw expected('no-tokenizer', file, `beside its ${tokenizerFiles.tokenizer}`, 'none there or above', next);
}

function tokenizerPaths(directory: string): string[] {
  return Object.values(tokenizerFiles)
    .map((name) => join(directory, name))
    .filter((file) => existsSync(file));
}

function externalPaths({ weights }: OnnxModel): string[] {
  const paths = [...weights.values()].flatMap(({ place }) => ('file' in place ? [place.file] : []));
  return [...new Set(paths)].sort();
}

/** Finds its special tokens once they are asked for, which is when a text has to be cut. */
function withSpecial(tokenizer: TextTokenizer): TextTokenizer {
  let special: TextTokenizer['special'];
  return {
    ...tokenizer,
    get special() {
      special ??= specialTokens(tokenizer);
      return special;
    },
  };
}

/** How many tokens stand before and after any text: those that two texts without a common letter share. */
function specialTokens(tokenizer: TextTokenizer): { before: number; after: number } {
  const [a, b] = [Array.from(tokenizer.encode('a')), Array.from(tokenizer.encode('0'))];
  const same = (left: readonly number[], right: readonly number[]) => {
    const differs = left.findIndex((token, i) => token !== right[i]);
    return differs === -1 ? 0 : differs;
  };
  return { before: same(a, b), after: same(a.toReversed(), b.toReversed()) };
}

function shortened(network: Network, maxTokens: number | undefined, path: string): Network {
  if (maxTokens === undefined || maxTokens === network.maxTokens) return network;
  if (maxTokens < network.maxTokens) return { ...network, maxTokens };
  const wanted = `at most the ${network.maxTokens} tokens that ${path} takes`;
  throw expected('too-many-tokens', 'maxTokens', wanted, maxTokens, 'Lower it, or leave it out.');
}
