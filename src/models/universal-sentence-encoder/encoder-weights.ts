import type { WeightShape } from '../network.ts';

/** Sizes of the published model. */
export const encoderSize = {
  layers: 2,
  width: 512,
  embeddingWidth: 256,
  inner: 1536,
  attentionHeads: 4,
  /** Token ids that it can embed; the vocabulary has two fewer. */
  vocabulary: 8002,
  /** Tokens that see each other: the original reads no more of a text. */
  window: 128,
  /** Four windows; more would only cost memory. */
  maxTokens: 512,
} as const;

/** A weight: its shape here, and its name in the TensorFlow.js files, where kernels have two more dimensions of 1. */
export interface EncoderWeight extends WeightShape {
  readonly stored: string;
}

/** Width of the states that a layer reads. */
export function inputWidth(layer: number): number {
  return layer === 0 ? encoderSize.embeddingWidth : encoderSize.width;
}

/** The token embedding. */
export const embeddingName = 'embedding.weight';

const scope = 'Encoder_en/KonaTransformer/Encode';
const folded = `module_apply_default/${scope}`;
const joined = 'ConcatPartitions/concat';

/** Every weight up to the last hidden state, by the name it has here. */
export function encoderWeights(): ReadonlyMap<string, EncoderWeight> {
  const { layers, vocabulary, embeddingWidth } = encoderSize;
  const embedding = { shape: [vocabulary, embeddingWidth], stored: 'module/Embeddings_en' };
  const blocks = Array.from({ length: layers }, (_, layer) => Object.entries(blockWeights(layer)));
  return new Map([[embeddingName, embedding], ...blocks.flat()]);
}

/** The layer that makes a sentence embedding of the mean over tokens. */
export const sentenceLayer = {
  weight: { shape: [512, 512], stored: 'module/Encoder_en/hidden_layers/tanh_layer_0/weights' },
  bias: { shape: [512], stored: 'module/Encoder_en/hidden_layers/tanh_layer_0/bias' },
} as const satisfies Record<string, EncoderWeight>;

function blockWeights(layer: number): Record<string, EncoderWeight> {
  const { width, inner } = encoderSize;
  const inputs = inputWidth(layer);
  const [name, own] = [`blocks.${layer}`, `${folded}/Layer_${layer}/TransformerLayer`];
  const kernel = `module/${scope}/Layer_${layer}/TransformerLayer/MultiheadAttention`;
  const feedForward = `${folded}/TransformerStack/Layer_${layer}/TransformerLayer/FFN`;
  const linear = (part: string, [rows, columns]: readonly [number, number], weight: string, bias: string) => ({
    [`${name}.${part}.weight`]: { shape: [rows, columns], stored: weight },
    [`${name}.${part}.bias`]: { shape: [columns], stored: `${own}/${bias}/${joined}` },
  });
  const norm = (part: string, size: number, place: string) => ({
    [`${name}.${part}.scale`]: { shape: [size], stored: `${own}/${place}layer_norm_scale/${joined}` },
    [`${name}.${part}.shift`]: { shape: [size], stored: `${own}/${place}layer_norm_bias/${joined}` },
  });
  const attention = (part: string, columns: number, stored: string) =>
    linear(
      `attention.${part}`,
      [inputs, columns],
      `${kernel}/${stored}/kernel/part_0`,
      `MultiheadAttention/${stored}/bias`,
    );
  return {
    ...(inputs !== width && linear('residual', [inputs, width], `${own}/dense/kernel/${joined}`, 'dense/bias')),
    ...norm('attention-norm', inputs, 'layer_prepostprocess/layer_norm/'),
    ...attention('qkv', 3 * inputs, 'qkv_transform_single'),
    ...attention('output', width, 'output_transform_single'),
    ...norm('feed-forward-norm', width, 'FFN/layer_prepostprocess/layer_norm/'),
    ...linear('feed-forward.in', [width, inner], `${feedForward}/conv1/Tensordot/Reshape_1`, 'FFN/conv1/bias'),
    ...linear('feed-forward.out', [inner, width], `${feedForward}/conv2/Tensordot/Reshape_1`, 'FFN/conv2/bias'),
  };
}
