import { TouchstoneError } from '../../core/errors.ts';
import type { ContrastPair, Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import { countWordings } from './pair-activations.ts';

/** Inputs asked about at a time. */
const blockSize = 1024;

/**
 * Mean log probability per token of each input's positive candidate less that of its negative one, in nats per token, (n).
 *
 * @throws UserError `contrast-pairs`, naming the first input without a pair; `no-next-tokens`, `text-too-long`.
 */
export async function likelihoodScores(
  technique: string,
  model: StrongModel,
  inputs: readonly Input[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Float64Array> {
  const pairs = firstPairs(technique, inputs);
  const scores = new Float64Array(pairs.length);
  for (let start = 0; start < pairs.length; start += blockSize) {
    signal.throwIfAborted();
    scores.set(await likelihoodGaps(model, pairs.slice(start, start + blockSize)), start);
  }
  return scores;
}

/** The first pair of each input. @throws UserError `contrast-pairs`. */
export function firstPairs(technique: string, inputs: readonly Input[]): readonly ContrastPair[] {
  countWordings(technique, inputs, 1);
  return inputs.map(({ pairs }) => pairs?.[0] as ContrastPair);
}

/** Mean log probability of each pair's positive candidate less that of its negative one, (n). */
export async function likelihoodGaps(model: StrongModel, pairs: readonly ContrastPair[]): Promise<Float64Array> {
  if (pairs.length === 0) return new Float64Array(0);
  // Both sides at once, since texts of like length run together.
  const completions = (['positive', 'negative'] as const).flatMap((side) =>
    pairs.map((pair) => ({ prompt: pair.prompt, answer: pair[side] })),
  );
  const means = await model.logLikelihoods(completions);
  return Float64Array.from(pairs, (_, row) => (means[row] as number) - (means[pairs.length + row] as number));
}

/** Whether a model refused a text for its length. */
export function isTooLong(error: unknown): boolean {
  return error instanceof TouchstoneError && error.code === 'text-too-long';
}
