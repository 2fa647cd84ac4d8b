import type { Completion } from '../core/models.ts';
import type { EncodedCompletion } from './log-likelihoods.ts';

/** Completions of this many characters are remembered: splits overlap, so that many are asked about again. */
const rememberedCharacters = 2 ** 25;

/** `compute` of completions that were not asked about before, and what is remembered of the others. */
export function rememberedLikelihoods(
  compute: (completions: readonly EncodedCompletion[]) => Promise<Float64Array>,
): (completions: readonly Completion[], encoded: readonly EncodedCompletion[]) => Promise<Float64Array> {
  let known = new Map<string, number>();
  let characters = 0;
  return async (completions, encoded) => {
    const keys = completions.map(({ prompt, answer }) => `${prompt.length} ${prompt}${answer}`);
    const unknown = new Map(keys.flatMap((key, row) => (known.has(key) ? [] : [[key, row] as const])));
    const computed = await compute([...unknown.values()].map((row) => encoded[row] as EncodedCompletion));
    const fresh = new Map([...unknown.keys()].map((key, i) => [key, computed[i] as number]));
    const means = Float64Array.from(keys, (key) => fresh.get(key) ?? (known.get(key) as number));
    for (const [key, mean] of fresh) {
      known.set(key, mean);
      characters += key.length;
    }
    if (characters > rememberedCharacters) [known, characters] = [new Map(), 0];
    return means;
  };
}
