import { z } from 'zod';
import type { Value } from '../../graph/graph.ts';
import { add, gather, reshape, slice, split } from '../../graph/operators.ts';
import type { Layers, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { activate, activationName } from './activations.ts';
import { attend } from './attend.ts';
import { type CheckpointSource, type FamilyNetwork, logitsWeight, prefixOf, WeightTable } from './checkpoint-source.ts';
import { blocks, parseConfig, refusedEverywhere, size } from './config-file.ts';
import { norm, tokenLogits } from './named-layers.ts';
import { runBlocks } from './run-blocks.ts';
import { causalSight, type Sight } from './sight.ts';

const schema = z
  .object({
    ...refusedEverywhere,
    vocab_size: size,
    n_positions: size,
    n_embd: size,
    n_layer: blocks,
    n_head: size,
    n_inner: size.optional(),
    activation_function: activationName.default('gelu_new'),
    layer_norm_epsilon: z.number().positive().default(1e-5),
    scale_attn_weights: z.boolean().default(true),
    scale_attn_by_inverse_layer_idx: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true),
  })
  .refine(({ n_embd, n_head }) => n_embd % n_head === 0, { path: ['n_head'], error: 'must divide n_embd' });

interface Parts {
  readonly config: z.infer<typeof schema>;
  readonly prefix: string;
  readonly logits?: string;
  readonly linears: readonly string[];
}

/** GPT-2 (Radford et al. 2019): pre-norm, learned positions, products stored (inputs × outputs). */
export async function gpt2(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, schema);
  const prefix = prefixOf(source, ['transformer.', ''], 'wte.weight');
  const tying = { head: 'lm_head.weight', embedding: `${prefix}wte.weight`, tied: config.tie_word_embeddings };
  const { weight: logits, duplicates } = await logitsWeight(source, tying);
  const { weights, linears } = weightTable(config, prefix, logits);
  const parts: Parts = { config, prefix, linears, ...(logits !== undefined && { logits }) };
  const network = {
    family: 'gpt2',
    key: JSON.stringify(['gpt2', parts]),
    width: config.n_embd,
    layers: config.n_layer,
    vocabulary: config.vocab_size,
    attentionHeads: config.n_head,
    maxTokens: config.n_positions,
    causal: true,
    weights,
    linears,
    build: (inputs: TextInputs, layers: Layers, read: ReadPositions) => build(inputs, layers, read, parts),
  };
  return { network, duplicates, blocks: `${prefix}h.` };
}

function weightTable(config: Parts['config'], prefix: string, logits: string | undefined): WeightTable {
  const { n_embd: width, n_inner: inner = 4 * width, vocab_size, n_positions, n_layer } = config;
  const table = new WeightTable();
  table.add(`${prefix}wte.weight`, vocab_size, width);
  table.add(`${prefix}wpe.weight`, n_positions, width);
  for (let layer = 0; layer < n_layer; layer++) {
    const name = `${prefix}h.${layer}`;
    table.norm(`${name}.ln_1`, width);
    addProduct(table, `${name}.attn.c_attn`, width, 3 * width);
    addProduct(table, `${name}.attn.c_proj`, width, width);
    table.norm(`${name}.ln_2`, width);
    addProduct(table, `${name}.mlp.c_fc`, width, inner);
    addProduct(table, `${name}.mlp.c_proj`, inner, width);
  }
  table.norm(`${prefix}ln_f`, width);
  if (logits === 'lm_head.weight') table.linear('lm_head', width, vocab_size, { bias: false });
  return table;
}

function addProduct(table: WeightTable, name: string, inputs: number, outputs: number): void {
  table.add(`${name}.weight`, inputs, outputs);
  table.add(`${name}.bias`, outputs);
  table.linears.push(`${name}.weight`);
}

function build(inputs: TextInputs, layers: Layers, read: ReadPositions, parts: Parts): NetworkOutputs {
  const { config, prefix, logits, linears } = parts;
  const { batch, tokens, ids } = inputs;
  const positions = slice(layers.weight(`${prefix}wpe.weight`), 0, 0, tokens);
  const embedded = add(gather(layers.weight(`${prefix}wte.weight`), ids), positions);
  const hidden = runBlocks(reshape(embedded, [batch * tokens, config.n_embd]), inputs, read, {
    layers: config.n_layer,
    sight: (which) => causalSight(inputs, which, 1),
    block: (x, layer, sight) => block(x, layer, sight, layers, parts),
    finalNorm: (x) => norm(layers, x, `${prefix}ln_f`, config.layer_norm_epsilon),
  });
  if (logits === undefined) return { hidden };
  return { hidden, nextTokenLogits: (rows) => tokenLogits(layers, hidden.at(-1) as Value, logits, { linears, rows }) };
}

function block(x: Value, layer: number, sight: Sight, layers: Layers, { config, prefix }: Parts): Value {
  const { n_embd: width, n_head: heads, layer_norm_epsilon: epsilon } = config;
  const name = `${prefix}h.${layer}`;
  const product = (input: Value, part: string, outputs?: readonly [number, number]) =>
    layers.linear(input, `${name}.${part}.weight`, { bias: `${name}.${part}.bias`, ...(outputs && { outputs }) });
  const normed = norm(layers, x, `${name}.ln_1`, epsilon);
  const [query, key, value] = queryKeyValue(normed, sight, width, (input, outputs) =>
    product(input, 'attn.c_attn', outputs),
  );
  const scale = attentionScale(config, layer);
  const attended = attend(query, key, value, { sight, heads, keyValueHeads: heads, scale });
  const middle = add(sight.rows(x), product(attended, 'attn.c_proj'));
  const inner = product(norm(layers, middle, `${name}.ln_2`, epsilon), 'mlp.c_fc');
  return add(middle, product(activate(config.activation_function, inner), 'mlp.c_proj'));
}

/** One product for all three, unless only some tokens ask. */
function queryKeyValue(
  x: Value,
  sight: Sight,
  width: number,
  product: (input: Value, outputs?: readonly [number, number]) => Value,
): readonly [Value, Value, Value] {
  if (sight.queries === sight.tokens) return split(product(x), 1, 3) as [Value, Value, Value];
  const [key, value] = split(product(x, [width, 3 * width]), 1, 2) as [Value, Value];
  return [product(sight.rows(x), [0, width]), key, value];
}

function attentionScale(config: Parts['config'], layer: number): number {
  const plain = config.scale_attn_weights ? (config.n_embd / config.n_head) ** -0.5 : 1;
  return config.scale_attn_by_inverse_layer_idx ? plain / (layer + 1) : plain;
}
