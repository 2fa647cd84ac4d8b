import type { Matrix } from '../../core/models.ts';
import type { Runtime } from '../compiled.ts';
import { encodeInputs } from '../encode-inputs.ts';
import { runHiddenPass } from '../hidden-pass.ts';
import { inferenceBatch } from '../readouts.ts';
import type { NamedTensor, NamedTensors } from '../safetensors.ts';
import { installedDirectory } from './built-in-directory.ts';
import { encoderSize } from './encoder-weights.ts';
import { openEncoder } from './open-encoder.ts';

/** The published encoder as it is, for sentence embeddings alone. */
export interface SentenceEncoder {
  /** Length of an embedding, 512. */
  readonly width: number;
  /**
   * Embeddings of length 1, (texts × width), as the original gives: normalised tanh(mean over the tokens of the last layer · W
   * + b). A text counts as far as its first 128 tokens; the embedding of an empty one is that of mean 0. Nothing is remembered.
   */
  embed(texts: readonly string[]): Promise<Matrix>;
}

/**
 * Universal Sentence Encoder lite (Cer et al. 2018), which is installed with this package: no network is needed.
 * Embeddings are within 1e-4 of those of TensorFlow.js.
 */
export async function createSentenceEncoder(runtime: Runtime): Promise<SentenceEncoder> {
  const { network, tokenizer, readWeights, readSentenceLayer } = await openEncoder(installedDirectory());
  const [weights, layer] = [await readWeights(), await readSentenceLayer()];
  const pass = {
    model: { network, heads: 1, readAt: 'mean' },
    weights: Object.fromEntries([...weights].map(([name, { data }]) => [name, data])),
    layers: [network.layers],
    everywhere: false,
    runtime,
    batchSize: inferenceBatch(network),
  } as const;
  const { vocabulary, width } = network;
  const maxTokens = encoderSize.window;
  return Object.freeze({
    width,
    embed: async (texts: readonly string[]) => {
      const inputs = texts.map((text, i) => ({ id: String(i), text }));
      const encoded = encodeInputs(tokenizer, inputs, { maxTokens, vocabulary, truncate: 'end' });
      const means = await runHiddenPass(pass, encoded, undefined);
      const data = new Float32Array(texts.length * width);
      means.forEach(([mean], row) => {
        const own = texts[row] === '' ? new Float32Array(width) : (mean as Float32Array);
        data.set(embeddingOf(own, layer), row * width);
      });
      return { rows: texts.length, columns: width, data };
    },
  });
}

/** tanh(mean · W + b), divided by its length. */
function embeddingOf(mean: Float32Array, layer: NamedTensors): Float32Array {
  const [weight, bias] = ['weight', 'bias'].map((name) => (layer.get(name) as NamedTensor).data);
  const sums = Float64Array.from(bias as Float32Array);
  const columns = sums.length;
  mean.forEach((value, i) => {
    for (let j = 0; j < columns; j++) sums[j] = (sums[j] as number) + value * (weight?.[i * columns + j] as number);
  });
  const bent = sums.map(Math.tanh);
  const length = Math.hypot(...bent);
  return Float32Array.from(bent, (value) => value / length);
}
