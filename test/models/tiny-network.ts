import { createRng } from '../../src/core/random.ts';
import type { Value } from '../../src/graph/graph.ts';
import { add, gather, gelu, matmul, reshape } from '../../src/graph/operators.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import type { Layers, Network, ReadPositions, TextInputs } from '../../src/models/network.ts';
import type { NamedTensors } from '../../src/models/safetensors.ts';
import { createStrongModel } from '../../src/models/strong-model.ts';
import type { TextTokenizer } from '../../src/models/text-tokenizer.ts';

export const width = 8;

/** A network that is not the project's own: each token on its own, one weight either way round, names as PyTorch's. */
function tinyNetwork(vocabulary: number, causal = true): Network {
  const shapes: [string, number[]][] = [
    ['embed.weight', [vocabulary, width]],
    ['layers.0.up.weight', [3 * width, width]],
    ['layers.0.up.bias', [3 * width]],
    ['layers.0.down.weight', [3 * width, width]],
  ];
  return {
    family: 'tiny',
    width,
    layers: 1,
    vocabulary,
    maxTokens: 12,
    causal,
    weights: new Map(shapes.map(([name, shape]) => [name, { shape }])),
    linears: ['layers.0.up.weight', 'layers.0.down.weight'],
    build: ({ ids, batch, tokens, lastRows, replace = (x) => x }: TextInputs, layers: Layers, read: ReadPositions) => {
      const x = replace(reshape(gather(layers.weight('embed.weight'), ids), [batch * tokens, width]), 0);
      const up = layers.linear(x, 'layers.0.up.weight', { bias: 'layers.0.up.bias', transposed: true });
      const y = add(x, layers.linear(gelu(up), 'layers.0.down.weight'));
      const hidden = read === 'last' ? [gather(x, lastRows), gather(y, lastRows)] : [x, y];
      const final = hidden[1] ?? y;
      const logits = (rows?: Value) =>
        matmul(rows ? gather(final, rows) : final, layers.weight('embed.weight'), { transposeB: true });
      return { hidden, nextTokenLogits: logits };
    },
  };
}

function randomWeightsOf(network: Network, seed: number): NamedTensors {
  const rng = createRng(seed, 'tiny');
  return new Map(
    [...network.weights].map(([name, { shape }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, data: Float32Array.from({ length: size }, () => 0.4 * rng.normal()) }];
    }),
  );
}

/** Letters as tokens, from `first` on, so that ids beyond 65,536 can be had. */
export function letterTokenizer(vocabulary: number, first = 0): TextTokenizer {
  return {
    vocabulary,
    encode: (text) => Array.from(text, (letter) => first + letter.charCodeAt(0) - 97),
    decode: (ids) => Array.from(ids, (id) => String.fromCharCode(id - first + 97)).join(''),
  };
}

export function tinyModel(options: { training?: object; causal?: boolean; vocabulary?: number; first?: number } = {}) {
  const { vocabulary = 26, first = 0, causal = true, training = {} } = options;
  const network = tinyNetwork(vocabulary, causal);
  return createStrongModel({
    network,
    weights: randomWeightsOf(network, 1),
    tokenizer: letterTokenizer(vocabulary, first),
    measurements: 1,
    training: trainingConfig.parse({ batchSize: 8, warmupSteps: 2, ...training }),
    finetuning: finetuningConfig.parse({ epochs: 2, learningRate: 1e-2 }),
    seed: 0,
    runtime: { threads: 1, device: 'cpu' },
  });
}

/** Short words; the first head's target is whether the last letter comes before n. */
export function words(count: number, seed = 0) {
  const rng = createRng(seed, 'words');
  const inputs = Array.from({ length: count }, (_, i) => {
    const letters = Array.from({ length: rng.integer(1, 12) }, () => String.fromCharCode(97 + rng.integer(0, 25)));
    return { id: `word-${i}`, text: letters.join('') };
  });
  const cells = (of: (text: string) => number) => Float32Array.from(inputs.flatMap(({ text }) => [of(text), 0, 0]));
  const shape = { rows: count, columns: 3 };
  return {
    inputs,
    targets: { ...shape, data: cells((text) => Number((text.at(-1) ?? '') < 'n')) },
    weights: { ...shape, data: cells(() => 1) },
  };
}
