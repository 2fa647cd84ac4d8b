/** The decoder that Llama and Qwen share: RMS norms, rotary positions, grouped queries, a gated MLP. */

import { z } from 'zod';
import type { Value } from '../../graph/graph.ts';
import { rmsNorm } from '../../graph/operators/rms-norm.ts';
import { add, gather, mul, reshape } from '../../graph/operators.ts';
import type { Layers, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { activate, activationName } from './activations.ts';
import { type AttendOptions, attend } from './attend.ts';
import { type CheckpointSource, type FamilyNetwork, logitsWeight, prefixOf, WeightTable } from './checkpoint-source.ts';
import { blocks, refused, refusedEverywhere, size } from './config-file.ts';
import { decoderNetwork } from './decoder-network.ts';
import { dense, tokenLogits } from './named-layers.ts';
import { ropeFrequencies, ropeKeys, rotaryTables } from './rope.ts';
import { runBlocks } from './run-blocks.ts';
import { causalSight, type Sight } from './sight.ts';

/** Keys that the families of this decoder share. */
export const llamaKeys = {
  ...refusedEverywhere,
  ...ropeKeys,
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: blocks,
  num_attention_heads: size,
  num_key_value_heads: size.optional(),
  intermediate_size: size,
  hidden_act: activationName.default('silu'),
  rms_norm_eps: z.number().positive().default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  partial_rotary_factor: refused(1),
} as const;

const llamaSchema = z.object(llamaKeys);
type LlamaConfig = z.infer<typeof llamaSchema>;

/** A problem of the shared keys with one another, in the form zod's `refine` wants; undefined when there is none. */
export function checkHeads(config: LlamaConfig & { head_dim?: number | undefined }, context: z.RefinementCtx): void {
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads = heads } = config;
  const problem = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  if (heads % keyValueHeads !== 0) problem('num_key_value_heads', 'must divide num_attention_heads');
  if ((config.head_dim ?? config.hidden_size / heads) % 2 !== 0) problem('head_dim', 'must be even');
  const { partial_rotary_factor = 1 } = config.rope_scaling ?? config.rope_parameters ?? {};
  if (partial_rotary_factor !== 1) problem('rope_parameters.partial_rotary_factor', 'only 1 can be built here');
}

/** Where the families differ. */
export interface LlamaVariant {
  readonly family: string;
  readonly config: LlamaConfig;
  /** Dimensions of a head. */
  readonly depth: number;
  /** Which products have biases. */
  readonly biases: { readonly queryKeyValue: boolean; readonly output: boolean; readonly mlp: boolean };
  /** RMS norms on each query and key. */
  readonly headNorms: boolean;
}

interface Parts extends LlamaVariant {
  readonly prefix: string;
  readonly keyValueHeads: number;
  readonly logits?: string;
  readonly linears: readonly string[];
}

/** The network of a variant. */
export async function llamaNetwork(source: CheckpointSource, variant: LlamaVariant): Promise<FamilyNetwork> {
  const { config, family } = variant;
  const prefix = prefixOf(source, ['model.', ''], 'embed_tokens.weight');
  const tying = {
    head: 'lm_head.weight',
    embedding: `${prefix}embed_tokens.weight`,
    tied: config.tie_word_embeddings,
  };
  const { weight: logits, duplicates } = await logitsWeight(source, tying);
  const keyValueHeads = config.num_key_value_heads ?? config.num_attention_heads;
  const table = weightTable(variant, prefix, keyValueHeads);
  if (logits === tying.head) table.linear('lm_head', config.hidden_size, config.vocab_size, { bias: false });
  const { linears } = table;
  const parts: Parts = { ...variant, prefix, keyValueHeads, linears, ...(logits !== undefined && { logits }) };
  const network = decoderNetwork(family, parts, table, build);
  return { network, duplicates, blocks: `${prefix}layers.` };
}

function weightTable({ config, depth, biases, headNorms }: LlamaVariant, prefix: string, keyValueHeads: number) {
  const { hidden_size: width, intermediate_size: inner, num_attention_heads: heads } = config;
  const table = new WeightTable();
  table.add(`${prefix}embed_tokens.weight`, config.vocab_size, width);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `${prefix}layers.${layer}`;
    table.add(`${name}.input_layernorm.weight`, width);
    table.linear(`${name}.self_attn.q_proj`, width, heads * depth, { bias: biases.queryKeyValue });
    table.linear(`${name}.self_attn.k_proj`, width, keyValueHeads * depth, { bias: biases.queryKeyValue });
    table.linear(`${name}.self_attn.v_proj`, width, keyValueHeads * depth, { bias: biases.queryKeyValue });
    table.linear(`${name}.self_attn.o_proj`, heads * depth, width, { bias: biases.output });
    if (headNorms) for (const part of ['q', 'k']) table.add(`${name}.self_attn.${part}_norm.weight`, depth);
    table.add(`${name}.post_attention_layernorm.weight`, width);
    table.linear(`${name}.mlp.gate_proj`, width, inner, { bias: biases.mlp });
    table.linear(`${name}.mlp.up_proj`, width, inner, { bias: biases.mlp });
    table.linear(`${name}.mlp.down_proj`, inner, width, { bias: biases.mlp });
  }
  table.add(`${prefix}norm.weight`, width);
  return table;
}

interface Context extends Parts {
  readonly layers: Layers;
  readonly angles: NonNullable<AttendOptions['angles']>;
}

function build(inputs: TextInputs, layers: Layers, read: ReadPositions, parts: Parts): NetworkOutputs {
  const { config, prefix, logits, linears, depth, keyValueHeads } = parts;
  const { graph, batch, tokens, ids } = inputs;
  const angles = rotaryTables(graph, ropeFrequencies(config, depth), tokens);
  const context: Context = { ...parts, layers, angles };
  const embedded = gather(layers.weight(`${prefix}embed_tokens.weight`), ids);
  const hidden = runBlocks(reshape(embedded, [batch * tokens, config.hidden_size]), inputs, read, {
    layers: config.num_hidden_layers,
    sight: (which) => causalSight(inputs, which, config.num_attention_heads / keyValueHeads),
    block: (x, layer, sight) => block(x, `${prefix}layers.${layer}`, sight, context),
    finalNorm: (x) => normNamed(x, `${prefix}norm`, context),
  });
  if (logits === undefined) return { hidden };
  return { hidden, nextTokenLogits: (rows) => tokenLogits(layers, hidden.at(-1) as Value, logits, { linears, rows }) };
}

function block(x: Value, name: string, sight: Sight, context: Context): Value {
  const { layers, config, biases, keyValueHeads, angles } = context;
  const heads = config.num_attention_heads;
  const normed = normNamed(x, `${name}.input_layernorm`, context);
  const project = (rows: Value, part: string) =>
    dense(layers, rows, `${name}.self_attn.${part}_proj`, { bias: biases.queryKeyValue });
  const query = headNorm(project(sight.rows(normed), 'q'), `${name}.self_attn.q_norm`, heads, context);
  const key = headNorm(project(normed, 'k'), `${name}.self_attn.k_norm`, keyValueHeads, context);
  const attended = attend(query, key, project(normed, 'v'), { sight, heads, keyValueHeads, angles });
  const output = dense(layers, attended, `${name}.self_attn.o_proj`, { bias: biases.output });
  return mlp(add(sight.rows(x), output), name, context);
}

function mlp(x: Value, name: string, context: Context): Value {
  const { layers, config, biases } = context;
  const normed = normNamed(x, `${name}.post_attention_layernorm`, context);
  const gate = activate(config.hidden_act, dense(layers, normed, `${name}.mlp.gate_proj`, { bias: biases.mlp }));
  const up = dense(layers, normed, `${name}.mlp.up_proj`, { bias: biases.mlp });
  return add(x, dense(layers, mul(gate, up), `${name}.mlp.down_proj`, { bias: biases.mlp }));
}

function normNamed(x: Value, name: string, { layers, config }: Context): Value {
  return rmsNorm(x, layers.weight(`${name}.weight`), config.rms_norm_eps);
}

function headNorm(x: Value, name: string, heads: number, context: Context): Value {
  if (!context.headNorms) return x;
  return reshape(normNamed(reshape(x, [x.shape[0] as number, heads, context.depth]), name, context), x.shape);
}
