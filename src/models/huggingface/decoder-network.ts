import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';

/** The sizes of a causal family's config, by the names that most families give them. */
interface DecoderSizes {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
}

type Build<Parts> = (inputs: TextInputs, layers: Layers, read: ReadPositions, parts: Parts) => NetworkOutputs;

/** A causal network of these parts, which fix its graph together with the family. */
export function decoderNetwork<Parts extends { readonly config: DecoderSizes }>(
  family: string,
  parts: Parts,
  { weights, linears }: Pick<Network, 'weights' | 'linears'>,
  build: Build<Parts>,
): Network {
  const { config } = parts;
  return {
    family,
    key: JSON.stringify([family, parts]),
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    vocabulary: config.vocab_size,
    attentionHeads: config.num_attention_heads,
    maxTokens: config.max_position_embeddings,
    causal: true,
    weights,
    linears,
    build: (inputs, layers, read) => build(inputs, layers, read, parts),
  };
}
