import type { Network } from '../models/network.ts';
import { openPretrained } from '../models/pretrained.ts';
import type { NamedTensors } from '../models/safetensors.ts';
import type { TextTokenizer } from '../models/text-tokenizer.ts';
import type { PretrainedConfig } from './model-config.ts';

/** A pretrained network with its weights in memory. */
export interface Base {
  readonly network: Network;
  readonly tokenizer: TextTokenizer;
  readonly weights: NamedTensors;
}

let last: { readonly name: string; readonly base: Promise<Base> } | undefined;

/** The pretrained model of a run, read once per process as long as no other is asked for: all its steps start from it. */
export function openBase({ digest, maxTokens }: PretrainedConfig, path: string | undefined): Promise<Base> {
  if (path === undefined) throw new Error('Expected the run to have a modelPath, got none.');
  const name = JSON.stringify([path, digest, maxTokens]);
  if (last?.name !== name) last = { name, base: readBase(path, maxTokens) };
  const { base } = last;
  base.catch(() => {
    if (last?.base === base) last = undefined;
  });
  return base;
}

async function readBase(path: string, maxTokens: number | undefined): Promise<Base> {
  const { network, tokenizer, readWeights } = await openPretrained(path, { maxTokens });
  return { network, tokenizer, weights: await readWeights() };
}
