import { z } from 'zod';
import type { Value } from '../../graph/graph.ts';
import { add, gather, reshape, split } from '../../graph/operators.ts';
import type { Layers, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { activate, activationName } from './activations.ts';
import { type AttendOptions, attend } from './attend.ts';
import { type CheckpointSource, type FamilyNetwork, logitsWeight, prefixOf, WeightTable } from './checkpoint-source.ts';
import { blocks, parseConfig, refusedEverywhere, size } from './config-file.ts';
import { decoderNetwork } from './decoder-network.ts';
import { dense, norm, tokenLogits } from './named-layers.ts';
import { type RopeConfig, ropeFrequencies, ropeKeys, rotaryTables } from './rope.ts';
import { runBlocks } from './run-blocks.ts';
import { causalSight, type Sight } from './sight.ts';

const schema = z
  .object({
    ...refusedEverywhere,
    ...ropeKeys,
    vocab_size: size,
    hidden_size: size,
    num_hidden_layers: blocks,
    num_attention_heads: size,
    intermediate_size: size,
    hidden_act: activationName.default('gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
    use_parallel_residual: z.boolean().default(true),
    attention_bias: z.boolean().default(true),
    tie_word_embeddings: z.boolean().default(false),
    /** The older names of rope_parameters.partial_rotary_factor and .rope_theta. */
    rotary_pct: z.number().positive().max(1).optional(),
    rotary_emb_base: z.number().positive().max(1e12).optional(),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ['num_attention_heads'],
    error: 'must divide hidden_size',
  })
  .refine((config) => rotatedDimensions(config) % 2 === 0 && rotatedDimensions(config) > 0, {
    path: ['rotary_pct'],
    error: 'must leave an even number of rotated dimensions, from 2',
  });

interface Parts {
  readonly config: z.infer<typeof schema>;
  readonly prefix: string;
  readonly logits?: string;
  readonly linears: readonly string[];
}

/** GPT-NeoX and Pythia (Black et al. 2022): rotary positions on part of each head, attention and MLP side by side. */
export async function gptNeox(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, schema);
  const prefix = prefixOf(source, ['gpt_neox.', ''], 'embed_in.weight');
  const head = source.names.has('lm_head.weight') ? 'lm_head' : 'embed_out';
  const tying = { head: `${head}.weight`, embedding: `${prefix}embed_in.weight`, tied: config.tie_word_embeddings };
  const { weight: logits, duplicates } = await logitsWeight(source, tying);
  const table = weightTable(config, prefix);
  if (logits === tying.head) table.linear(head, config.hidden_size, config.vocab_size, { bias: false });
  const { linears } = table;
  const parts: Parts = { config, prefix, linears, ...(logits !== undefined && { logits }) };
  const network = decoderNetwork('gpt_neox', parts, table, build);
  return { network, duplicates, blocks: `${prefix}layers.` };
}

function weightTable(config: Parts['config'], prefix: string): WeightTable {
  const { hidden_size: width, intermediate_size: inner, attention_bias } = config;
  const table = new WeightTable();
  table.add(`${prefix}embed_in.weight`, config.vocab_size, width);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `${prefix}layers.${layer}`;
    table.norm(`${name}.input_layernorm`, width);
    table.linear(`${name}.attention.query_key_value`, width, 3 * width, { bias: attention_bias });
    table.linear(`${name}.attention.dense`, width, width, { bias: attention_bias });
    table.norm(`${name}.post_attention_layernorm`, width);
    table.linear(`${name}.mlp.dense_h_to_4h`, width, inner, { bias: true });
    table.linear(`${name}.mlp.dense_4h_to_h`, inner, width, { bias: true });
  }
  table.norm(`${prefix}final_layer_norm`, width);
  return table;
}

interface RotarySizes extends Pick<RopeConfig, 'rope_parameters' | 'rope_scaling'> {
  readonly hidden_size: number;
  readonly num_attention_heads: number;
  readonly rotary_pct?: number | undefined;
}

function rotatedDimensions(config: RotarySizes): number {
  const { partial_rotary_factor } = config.rope_scaling ?? config.rope_parameters ?? {};
  const share = partial_rotary_factor ?? config.rotary_pct ?? 0.25;
  return Math.floor((config.hidden_size / config.num_attention_heads) * share);
}

function build(inputs: TextInputs, layers: Layers, read: ReadPositions, parts: Parts): NetworkOutputs {
  const { config, prefix, logits, linears } = parts;
  const { graph, batch, tokens, ids } = inputs;
  const { rotary_emb_base, rope_theta = rotary_emb_base } = config;
  const frequencies = ropeFrequencies({ ...config, rope_theta }, rotatedDimensions(config));
  const angles = rotaryTables(graph, frequencies, tokens);
  const embedded = gather(layers.weight(`${prefix}embed_in.weight`), ids);
  const hidden = runBlocks(reshape(embedded, [batch * tokens, config.hidden_size]), inputs, read, {
    layers: config.num_hidden_layers,
    sight: (which) => causalSight(inputs, which, 1),
    block: (x, layer, sight) => block(x, `${prefix}layers.${layer}`, sight, { layers, angles, config }),
    finalNorm: (x) => norm(layers, x, `${prefix}final_layer_norm`, config.layer_norm_eps),
  });
  if (logits === undefined) return { hidden };
  return { hidden, nextTokenLogits: (rows) => tokenLogits(layers, hidden.at(-1) as Value, logits, { linears, rows }) };
}

interface Context extends Pick<Parts, 'config'> {
  readonly layers: Layers;
  readonly angles: NonNullable<AttendOptions['angles']>;
}

function block(x: Value, name: string, sight: Sight, { layers, angles, config }: Context): Value {
  const { num_attention_heads: heads, layer_norm_eps: epsilon, attention_bias } = config;
  const normed = norm(layers, x, `${name}.input_layernorm`, epsilon);
  const fused = dense(layers, normed, `${name}.attention.query_key_value`, { bias: attention_bias });
  const [query, key, value] = queryKeyValue(fused, heads);
  const attended = attend(sight.rows(query), key, value, { sight, heads, keyValueHeads: heads, angles });
  const kept = sight.rows(x);
  const middle = add(kept, dense(layers, attended, `${name}.attention.dense`, { bias: attention_bias }));
  const base = config.use_parallel_residual ? kept : middle;
  const inner = dense(
    layers,
    norm(layers, base, `${name}.post_attention_layernorm`, epsilon),
    `${name}.mlp.dense_h_to_4h`,
    {
      bias: true,
    },
  );
  return add(middle, dense(layers, activate(config.hidden_act, inner), `${name}.mlp.dense_4h_to_h`, { bias: true }));
}

/** The fused product holds query, key and value of one head after those of the other. */
function queryKeyValue(fused: Value, heads: number): readonly [Value, Value, Value] {
  const [rows, columns] = fused.shape as readonly [number, number];
  const parts = split(reshape(fused, [rows, heads, columns / heads]), 2, 3);
  return parts.map((part) => reshape(part, [rows, columns / 3])) as unknown as readonly [Value, Value, Value];
}
