import { z } from 'zod';
import type { CheckpointSource, FamilyNetwork } from './checkpoint-source.ts';
import { parseConfig, size } from './config-file.ts';
import { checkHeads, llamaKeys, llamaNetwork } from './llama-blocks.ts';

const schema = z
  .object({
    ...llamaKeys,
    head_dim: size.optional(),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
  })
  .superRefine(checkHeads);

/** Llama (Touvron et al. 2023) and what shares its form, such as SmolLM. */
export async function llama(source: CheckpointSource): Promise<FamilyNetwork> {
  const config = parseConfig(source, schema);
  const { attention_bias: bias, mlp_bias: mlp, head_dim: depth } = config;
  return llamaNetwork(source, {
    family: 'llama',
    config,
    depth: depth ?? config.hidden_size / config.num_attention_heads,
    biases: { queryKeyValue: bias, output: bias, mlp },
    headNorms: false,
  });
}
