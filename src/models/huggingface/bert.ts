import { z } from 'zod';
import type { Value } from '../../graph/graph.ts';
import { add, gather, layerNorm, matmul, reshape, slice } from '../../graph/operators.ts';
import type { Layers, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { activate, activationName } from './activations.ts';
import { attend } from './attend.ts';
import { type CheckpointSource, type FamilyNetwork, prefixOf, WeightTable } from './checkpoint-source.ts';
import { blocks, invalidCheckpoint, parseConfig, refused, refusedEverywhere, size } from './config-file.ts';
import { dense, rowsOf } from './named-layers.ts';
import { runBlocks } from './run-blocks.ts';
import { type Sight, textSight } from './sight.ts';

const schema = z
  .object({
    ...refusedEverywhere,
    is_decoder: refused(false),
    position_embedding_type: refused('absolute'),
    vocab_size: size,
    hidden_size: size,
    num_hidden_layers: blocks,
    num_attention_heads: size,
    intermediate_size: size,
    hidden_act: activationName.default('gelu'),
    max_position_embeddings: size,
    type_vocab_size: size.default(2),
    layer_norm_eps: z.number().positive().default(1e-12),
    tie_word_embeddings: refused(true),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ['num_attention_heads'],
    error: 'must divide hidden_size',
  });

interface Parts {
  readonly config: z.infer<typeof schema>;
  readonly prefix: string;
  /** Names of a norm's scale and shift; checkpoints from before PyTorch call them gamma and beta. */
  readonly normNames: readonly [string, string];
  /** Whether the files have the head of masked language modelling. */
  readonly tokenHead: boolean;
}

/**
 * BERT (Devlin et al. 2019): post-norm, every token sees its whole text, token types 0, the pooler unused. Where the
 * checkpoint has a head for masked tokens, `nextTokenLogits` is its logits: of the token at each row, not the next.
 */
export async function bert(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, schema);
  const prefix = prefixOf(source, ['bert.', ''], 'embeddings.word_embeddings.weight');
  const old = source.names.has(`${prefix}embeddings.LayerNorm.gamma`);
  const tokenHead = source.names.has(`${head}.transform.dense.weight`);
  const parts: Parts = { config, prefix, normNames: old ? ['gamma', 'beta'] : ['weight', 'bias'], tokenHead };
  const { weights, linears } = weightTable(parts);
  const network = {
    family: 'bert',
    key: JSON.stringify(['bert', parts]),
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    vocabulary: config.vocab_size,
    attentionHeads: config.num_attention_heads,
    maxTokens: config.max_position_embeddings,
    causal: false,
    weights,
    linears,
    build: (inputs: TextInputs, layers: Layers, read: ReadPositions) => build(inputs, layers, read, parts),
  };
  return { network, duplicates: await duplicatesOf(source, prefix), blocks: `${prefix}encoder.layer.` };
}

const head = 'cls.predictions';

/** The token head's weight and bias may stand in the files twice. */
async function duplicatesOf({ file, names, same }: CheckpointSource, prefix: string): Promise<string[]> {
  const pairs = [
    [`${head}.decoder.weight`, `${prefix}embeddings.word_embeddings.weight`],
    [`${head}.decoder.bias`, `${head}.bias`],
  ] as const;
  const present = pairs.filter(([copy]) => names.has(copy));
  for (const [copy, original] of present) {
    if (await same(copy, original)) continue;
    throw invalidCheckpoint(`tensor "${copy}" beside ${file}`, `equal to "${original}"`, 'other values');
  }
  return present.map(([copy]) => copy);
}

function weightTable({ config, prefix, normNames, tokenHead }: Parts): WeightTable {
  const { hidden_size: width, intermediate_size: inner } = config;
  const table = new WeightTable();
  table.add(`${prefix}embeddings.word_embeddings.weight`, config.vocab_size, width);
  table.add(`${prefix}embeddings.position_embeddings.weight`, config.max_position_embeddings, width);
  table.add(`${prefix}embeddings.token_type_embeddings.weight`, config.type_vocab_size, width);
  table.norm(`${prefix}embeddings.LayerNorm`, width, normNames);
  const bias = { bias: true };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `${prefix}encoder.layer.${layer}`;
    for (const part of ['query', 'key', 'value']) table.linear(`${name}.attention.self.${part}`, width, width, bias);
    table.linear(`${name}.attention.output.dense`, width, width, bias);
    table.norm(`${name}.attention.output.LayerNorm`, width, normNames);
    table.linear(`${name}.intermediate.dense`, width, inner, bias);
    table.linear(`${name}.output.dense`, inner, width, bias);
    table.norm(`${name}.output.LayerNorm`, width, normNames);
  }
  if (!tokenHead) return table;
  table.linear(`${head}.transform.dense`, width, width, bias);
  table.norm(`${head}.transform.LayerNorm`, width, normNames);
  table.add(`${head}.bias`, config.vocab_size);
  return table;
}

interface Context extends Parts {
  readonly layers: Layers;
}

function build(inputs: TextInputs, layers: Layers, read: ReadPositions, parts: Parts): NetworkOutputs {
  const { config, prefix, tokenHead } = parts;
  const context: Context = { ...parts, layers };
  const hidden = runBlocks(embed(inputs, context), inputs, read, {
    layers: config.num_hidden_layers,
    sight: (which) => textSight(inputs, which),
    block: (x, layer, sight) => block(x, `${prefix}encoder.layer.${layer}`, sight, context),
  });
  if (!tokenHead) return { hidden };
  return { hidden, nextTokenLogits: (rows) => maskedTokenLogits(rowsOf(hidden.at(-1) as Value, rows), context) };
}

/** (batch · tokens × width) */
function embed({ batch, tokens, ids }: TextInputs, context: Context): Value {
  const { layers, prefix, config } = context;
  const weight = (name: string) => layers.weight(`${prefix}embeddings.${name}_embeddings.weight`);
  const positions = slice(weight('position'), 0, 0, tokens);
  const offsets = add(positions, slice(weight('token_type'), 0, 0, 1));
  const rows = reshape(add(gather(weight('word'), ids), offsets), [batch * tokens, config.hidden_size]);
  return normNamed(rows, `${prefix}embeddings.LayerNorm`, context);
}

function block(x: Value, name: string, sight: Sight, context: Context): Value {
  const { layers, config } = context;
  const heads = config.num_attention_heads;
  const linear = (rows: Value, part: string) => dense(layers, rows, `${name}.${part}`, { bias: true });
  const kept = sight.rows(x);
  const query = linear(kept, 'attention.self.query');
  const [key, value] = [linear(x, 'attention.self.key'), linear(x, 'attention.self.value')];
  const attended = attend(query, key, value, { sight, heads, keyValueHeads: heads });
  const output = linear(attended, 'attention.output.dense');
  const middle = normNamed(add(kept, output), `${name}.attention.output.LayerNorm`, context);
  const inner = activate(config.hidden_act, linear(middle, 'intermediate.dense'));
  return normNamed(add(middle, linear(inner, 'output.dense')), `${name}.output.LayerNorm`, context);
}

function maskedTokenLogits(x: Value, context: Context): Value {
  const { layers, config, prefix } = context;
  const inner = activate(config.hidden_act, dense(layers, x, `${head}.transform.dense`, { bias: true }));
  const normed = normNamed(inner, `${head}.transform.LayerNorm`, context);
  const embedding = layers.weight(`${prefix}embeddings.word_embeddings.weight`);
  return add(matmul(normed, embedding, { transposeB: true }), layers.weight(`${head}.bias`));
}

function normNamed(x: Value, name: string, { layers, config, normNames: [scale, shift] }: Context): Value {
  return layerNorm(x, layers.weight(`${name}.${scale}`), layers.weight(`${name}.${shift}`), config.layer_norm_eps);
}
