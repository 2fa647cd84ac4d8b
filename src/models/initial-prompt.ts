import { createRng } from '../core/random.ts';
import type { InterventionTarget } from './interventions.ts';
import type { NamedTensors } from './safetensors.ts';
import { computeTokenStates } from './token-states.ts';
import { promptName } from './virtual-tokens.ts';

/**
 * Where learned vectors start: at the hidden states that layer 0 gives `count` tokens drawn from the texts of the target,
 * at positions 0 to count − 1. Real embeddings train faster than small random vectors (Lester et al. 2021, section 3.2).
 * The same seed gives the same ones.
 */
export async function initialPrompt(target: InterventionTarget, count: number, seed: number): Promise<NamedTensors> {
  const rng = createRng(seed, 'initial-prompt');
  const draw = () => {
    const text = target.encoded[rng.integer(0, target.encoded.length - 1)] as Int32Array;
    return text[rng.integer(0, text.length - 1)] as number;
  };
  const encoded = [Int32Array.from({ length: count }, draw)];
  const { states } = await computeTokenStates({ ...target, encoded }, 0);
  return new Map([[promptName, { shape: [count, states.columns], data: states.data as Float32Array<ArrayBuffer> }]]);
}
