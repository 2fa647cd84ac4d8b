import type { ContrastPair } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import { isTooLong, likelihoodGaps } from './likelihood-scores.ts';

/** What prompts are put together from. */
export interface Prompting {
  readonly model: StrongModel;
  /** Prompts with their better answers, to draw from. */
  readonly solved: readonly string[];
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Pairs asked about at a time, and how many tell whether there is room. */
const [blockSize, trial] = [1024, 32];

/**
 * The most shots, at most `asked`, for which the model has room before the first of these pairs; 0 where there is none.
 */
export async function fittingShots(
  prompting: Prompting,
  pairs: readonly ContrastPair[],
  asked: number,
): Promise<number> {
  for (let shots = asked; shots > 0; shots--) {
    if ((await gapsOrTooLong(prompting, pairs.slice(0, trial), shots)) !== undefined) return shots;
  }
  return 0;
}

/**
 * Mean log probability of each pair's positive candidate less that of its negative one after `shots` solved prompts, (n);
 * fewer before a pair for which the model has no room.
 *
 * @throws UserError `text-too-long` when there is no room for a pair alone.
 */
export async function shotScores(
  prompting: Prompting,
  pairs: readonly ContrastPair[],
  shots: number,
): Promise<Float64Array> {
  if (pairs.length > blockSize) return inParts(prompting, pairs, shots, blockSize);
  prompting.signal.throwIfAborted();
  const gaps = await gapsOrTooLong(prompting, pairs, shots);
  if (gaps !== undefined) return gaps;
  // Halving finds the pairs that are too long; only texts are encoded on the way.
  if (pairs.length > 1) return inParts(prompting, pairs, shots, Math.ceil(pairs.length / 2));
  return shots > 1 ? shotScores(prompting, pairs, shots - 1) : likelihoodGaps(prompting.model, pairs);
}

async function inParts(prompting: Prompting, pairs: readonly ContrastPair[], shots: number, size: number) {
  const scores = new Float64Array(pairs.length);
  for (let start = 0; start < pairs.length; start += size) {
    scores.set(await shotScores(prompting, pairs.slice(start, start + size), shots), start);
  }
  return scores;
}

async function gapsOrTooLong(
  { model, solved, seed }: Prompting,
  pairs: readonly ContrastPair[],
  shots: number,
): Promise<Float64Array | undefined> {
  const prompted = pairs.map((pair) => ({ ...pair, prompt: promptAfter(solved, pair.prompt, shots, seed) }));
  try {
    return await likelihoodGaps(model, prompted);
  } catch (error) {
    if (isTooLong(error)) return undefined;
    throw error;
  }
}

/** A prompt after others with their answers, drawn by seed and prompt; fewer shots are the first of more. */
function promptAfter(solved: readonly string[], prompt: string, shots: number, seed: number): string {
  return [...createRng(seed, 'few-shot', prompt).sample(solved, shots), prompt].join('\n\n');
}
