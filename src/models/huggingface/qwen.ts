import { z } from 'zod';
import type { CheckpointSource, FamilyNetwork } from './checkpoint-source.ts';
import { parseConfig, refused, size } from './config-file.ts';
import { checkHeads, llamaKeys, llamaNetwork } from './llama-blocks.ts';

/** Attention to a window of tokens is not built; `sliding_window` means nothing without these. */
const qwenKeys = {
  ...llamaKeys,
  use_sliding_window: refused(false),
  layer_types: z.array(refused('full_attention')).optional(),
} as const;

const qwen2Schema = z.object(qwenKeys).superRefine(checkHeads);
const qwen3Schema = z
  .object({ ...qwenKeys, head_dim: size.default(128), attention_bias: z.boolean().default(false) })
  .superRefine(checkHeads);

/** Qwen2 and Qwen2.5 (Yang et al. 2024): Llama with biases on queries, keys and values. */
export async function qwen2(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, qwen2Schema);
  return llamaNetwork(source, {
    family: 'qwen2',
    config,
    depth: config.hidden_size / config.num_attention_heads,
    biases: { queryKeyValue: true, output: false, mlp: false },
    headNorms: false,
  });
}

/** Qwen3 (Yang et al. 2025): norms on queries and keys in place of the biases. */
export async function qwen3(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, qwen3Schema);
  const { attention_bias: bias, head_dim: depth } = config;
  return llamaNetwork(source, {
    family: 'qwen3',
    config,
    depth,
    biases: { queryKeyValue: bias, output: bias, mlp: false },
    headNorms: true,
  });
}
