/**
 * What the project asks of a network, whoever trained it: its weights by name, and how its forward pass is written in a
 * graph. The project's own decoder, Hugging Face checkpoints and opened ONNX files are all networks; heads, adapters,
 * training and read-outs are built on this alone and know no family.
 */
import type { Graph, Value } from '../graph/graph.ts';

/** One static shape that texts are computed at. */
export interface BatchShape {
  /** Texts. */
  readonly batch: number;
  /** Padded tokens per text. */
  readonly tokens: number;
}

/** What a network reads: texts padded on the right. */
export interface TextInputs extends BatchShape {
  readonly graph: Graph;
  /** Token ids, (batch × tokens), int32. */
  readonly ids: Value;
  /** Position of each text's last token, (batch), int32; tokens after it are padding. */
  readonly lastPositions: Value;
  /** The same as a row of (batch · tokens): text · tokens + position, (batch), int32. */
  readonly lastRows: Value;
  /**
   * Gets the hidden states of layers 0 to the last but one, (batch · tokens × width), before anything reads them, and
   * gives those that are read instead: how interventions come in. Absent where nothing is replaced.
   */
  readonly replace?: ReplaceStates;
  /**
   * Gets what the attention heads of block `layer` from 1 give before their output projection, heads side by side:
   * (batch · tokens × heads · depth), or (batch × heads · depth) where only last tokens are computed.
   */
  readonly showHeads?: ShowHeads;
}

export type ReplaceStates = (states: Value, layer: number) => Value;
export type ShowHeads = (outputs: Value, layer: number) => void;

/** How a network gets at its weights: the one place where adapters and frozen weights come in. */
export interface Layers {
  /** A weight as a value of the graph. */
  weight(name: string): Value;
  /** x · W (+ bias) over the last axis of x, with any adapter of W added. */
  linear(x: Value, weight: string, options?: LinearOptions): Value;
  /**
   * `linear` of x (rows × inputs) after its layer norm, for a weight stored (inputs × outputs) with a bias: one faster
   * operator where nothing adapts the weight. Absent where there is no faster way than one after the other.
   */
  normLinear?(x: Value, norm: NormNames, weight: string, bias: string): Value;
}

/** Names of a layer norm's parameters, (inputs) each. */
export interface NormNames {
  readonly scale: string;
  readonly shift: string;
}

export interface LinearOptions {
  /** Name of the bias, (outputs). */
  readonly bias?: string;
  /** The weight is stored (outputs × inputs), as PyTorch's Linear does. @default false: (inputs × outputs) */
  readonly transposed?: boolean;
  /** Only outputs from the first (included) to the second (excluded). @default all */
  readonly outputs?: readonly [from: number, to: number];
}

export interface WeightShape {
  readonly shape: readonly number[];
}

/** Which rows of the hidden states are wanted. A network may compute less when only last tokens are read. */
export type ReadPositions = 'last' | 'all';

export interface NetworkOutputs {
  /**
   * layers + 1 hidden states: embeddings, after each block, the last one after the final norm (where the family has
   * one), as `hidden_states` of the transformers library. (batch × width) for `last`, (batch · tokens × width) for `all`.
   */
  readonly hidden: readonly Value[];
  /**
   * Next-token logits, (rows × vocabulary), at all rows of `hidden` or those of the given int32 indices among them;
   * absent when the checkpoint has no such head.
   */
  readonly nextTokenLogits?: (rows?: Value) => Value;
}

export interface Network {
  /** What it is built as, e.g. `gpt2`, `llama`, `bert`, `onnx`. */
  readonly family: string;
  /** Networks of one key write the same graphs, so that they share compiled ones. @default each network its own */
  readonly key?: string;
  /** Width of the hidden states. */
  readonly width: number;
  /** Blocks. */
  readonly layers: number;
  /** Token ids it can embed. */
  readonly vocabulary: number;
  /** Attention heads per block. @default unknown */
  readonly attentionHeads?: number;
  /** Longest text in tokens. */
  readonly maxTokens: number;
  /** Learned vectors that it puts before each text. @default 0 */
  readonly virtualTokens?: number;
  /** Whether a token sees only those before it; otherwise padding must be masked from `lastPositions`. */
  readonly causal: boolean;
  /** Where its texts are read unless told otherwise. @default 'last' where it is causal, else 'first' */
  readonly readAt?: 'last' | 'first' | 'mean';
  /** Every weight by name, in a fixed order. */
  readonly weights: ReadonlyMap<string, WeightShape>;
  /** Names of the weights that `linear` is called with, which adapters can be put on. */
  readonly linears: readonly string[];
  /** Writes the forward pass. */
  build(inputs: TextInputs, layers: Layers, read: ReadPositions): NetworkOutputs;
}
