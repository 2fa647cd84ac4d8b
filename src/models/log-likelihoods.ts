import { expected } from '../core/errors.ts';
import type { Completion } from '../core/models.ts';
import type { Feeds } from '../graph/session.ts';
import { batchesOf } from './batching.ts';
import { logLikelihoodSession } from './compiled.ts';
import { type EncodingLimits, encodeInputs } from './encode-inputs.ts';
import { shapeOf, textFeeds } from './feeds.ts';
import type { InterventionTarget } from './interventions.ts';
import { predictedNames } from './log-likelihood-graph.ts';
import type { BatchShape } from './network.ts';
import { inferenceBatch } from './readouts.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** A prompt with its answer as tokens. */
export interface EncodedCompletion {
  readonly ids: Int32Array;
  /** Position of the first token that counts as the answer's, at least 1 and below the number of ids. */
  readonly start: number;
}

/**
 * Token ids of completions. Prompt and answer are encoded together, as a model meets them, so that a token may reach
 * across the boundary. The answer's tokens are those after the longest common start of the prompt's own encoding (less
 * the special tokens at its end) and the whole's: each that reaches beyond the prompt, and those that the answer made
 * the tokenizer cut differently. The special tokens that the tokenizer puts at the end count, the text's first token
 * never does, since nothing predicts it.
 * What is too long loses the start of its prompt where `limits` let texts be cut at all.
 * @throws UserError (`no-answer`) when a completion has no token that counts, and as {@link encodeInputs}.
 */
export function encodeCompletions(
  tokenizer: TextTokenizer,
  completions: readonly Completion[],
  limits: EncodingLimits,
): readonly EncodedCompletion[] {
  const { before, after } = tokenizer.special ?? { before: 0, after: 0 };
  const prompts = new Map<string, ArrayLike<number>>();
  const promptIds = (prompt: string) => {
    const ids = prompts.get(prompt) ?? tokenizer.encode(prompt);
    prompts.set(prompt, ids);
    return ids;
  };
  const texts = completions.map(({ prompt, answer }, i) => ({ id: `completion ${i + 1}`, text: prompt + answer }));
  const cutting = limits.truncate !== undefined && limits.truncate !== 'none';
  const encoded = encodeInputs(tokenizer, texts, cutting ? { ...limits, truncate: 'start' } : limits);
  return completions.map(({ prompt, answer }, i) => {
    const ids = encoded[i] as Int32Array;
    const whole = cutting && ids.length === limits.maxTokens ? tokenizer.encode(prompt + answer) : ids;
    const shared = sharedStart(promptIds(prompt), whole, promptIds(prompt).length - after);
    // What was cut off came from the start of the text, behind its special tokens.
    const start = Math.max(1, before, shared - (whole.length - ids.length));
    if (start < ids.length) return { ids, start };
    const next = 'Give it an answer, or a prompt before one of a single token.';
    throw expected(
      'no-answer',
      `completion ${i + 1}`,
      'at least 1 token longer than its prompt',
      prompt + answer,
      next,
    );
  });
}

/** How many values two lists share at their start, at most `most`. */
function sharedStart(a: ArrayLike<number>, b: ArrayLike<number>, most: number): number {
  let shared = 0;
  while (shared < Math.min(most, b.length) && a[shared] === b[shared]) shared++;
  return shared;
}

/** Mean log probability of each completion's answer, in nats per token, (n). Nothing is remembered. */
export async function computeLogLikelihoods(
  { model, weights, runtime }: Omit<InterventionTarget, 'encoded'>,
  completions: readonly EncodedCompletion[],
): Promise<Float64Array> {
  const { maxTokens } = model.network;
  const batchSize = inferenceBatch(model.network);
  const encoded = completions.map(({ ids }) => ids);
  const lengths = encoded.map(({ length }) => length);
  const means = new Float64Array(completions.length);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const parts = batch.rows.map((row) => completions[row] as EncodedCompletion);
    const counts = parts.map(({ ids, start }) => ids.length - start);
    const room = roomFor(counts.reduce((sum, count) => sum + count, 0));
    const session = await logLikelihoodSession(model, room, shape, runtime);
    const feeds = { ...textFeeds(encoded, batch, shape), ...predictedFeeds(parts, shape, room) };
    const { logLikelihoods } = await session.run({ ...weights, ...feeds });
    let at = 0;
    counts.forEach((count, i) => {
      const sum = logLikelihoods.subarray(at, at + count).reduce((total, value) => total + value, 0);
      means[batch.rows[i] as number] = sum / count;
      at += count;
    });
  }
  return means;
}

/** Multiples of 16 up to 128, of 32 up to 256 …: few graphs, little spare room. */
function roomFor(count: number): number {
  const step = 2 ** Math.max(4, Math.floor(Math.log2(Math.max(1, count - 1))) - 2);
  return Math.ceil(count / step) * step;
}

/** The answers' tokens, one text's after another's; room to spare predicts token 0 at row 0. */
function predictedFeeds(parts: readonly EncodedCompletion[], { tokens }: BatchShape, room: number): Feeds {
  const [rows, ids] = [new Int32Array(room), new Int32Array(room)];
  let at = 0;
  parts.forEach((part, i) => {
    for (let position = part.start; position < part.ids.length; position++) {
      rows[at] = i * tokens + position - 1;
      ids[at++] = part.ids[position] as number;
    }
  });
  return { [predictedNames.rows]: rows, [predictedNames.ids]: ids };
}
