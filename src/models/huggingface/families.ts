import { bert } from './bert.ts';
import type { Family } from './checkpoint-source.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { qwen2, qwen3 } from './qwen.ts';

/** Families by `model_type`. */
export const families: Readonly<Record<string, Family>> = { gpt2, gpt_neox: gptNeox, llama, qwen2, qwen3, bert };
