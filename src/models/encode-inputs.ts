import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** What is cut off a text that is too long: its start, its end, or nothing, which makes it an error. */
export const truncations = ['start', 'end', 'none'] as const;
export type Truncation = (typeof truncations)[number];

export interface EncodingLimits {
  readonly maxTokens: number;
  /** Token ids are below it. */
  readonly vocabulary: number;
  /** @default 'none' */
  readonly truncate?: Truncation;
  /** Learned vectors before each text, for which `maxTokens` already leaves room. @default 0 */
  readonly virtualTokens?: number;
}

/**
 * Token ids of each input. Nothing is cut off in silence: only where `truncate` says so, and then special tokens stay.
 * @throws UserError (`text-too-long`, `text-empty`) naming the first input that is longer than `maxTokens` where nothing
 *   may be cut off, or has no token; (`wrong-tokenizer`) where an id is none of `vocabulary`.
 */
export function encodeInputs(tokenizer: TextTokenizer, inputs: readonly Input[], limits: EncodingLimits): Int32Array[] {
  const { maxTokens, vocabulary, truncate = 'none', virtualTokens = 0 } = limits;
  return inputs.map(({ id, text }) => {
    const ids = Int32Array.from(tokenizer.encode(text, truncate === 'end' ? maxTokens : undefined));
    if (ids.length === 0) {
      throw expected('text-empty', `example "${id}"`, 'at least 1 token long', 0, 'Leave the example out.');
    }
    const alien = ids.find((token) => token < 0 || token >= vocabulary);
    if (alien !== undefined) {
      const thing = `the token ids of example "${id}"`;
      throw expected('wrong-tokenizer', thing, `below ${vocabulary}`, alien, 'Use the tokenizer of the model.');
    }
    if (ids.length <= maxTokens) return ids;
    if (truncate !== 'none') return cut(ids, maxTokens, truncate, tokenizer.special);
    const next = 'Shorten the text, or set maxTokens: higher for an own model; a pretrained one cuts texts off there.';
    const wanted = `at most ${maxTokens} tokens long${virtualTokens > 0 ? `, beside ${virtualTokens} virtual ones` : ''}`;
    throw expected('text-too-long', `example "${id}"`, wanted, ids.length, next);
  });
}

function cut(
  ids: Int32Array,
  length: number,
  side: Exclude<Truncation, 'none'>,
  { before, after }: NonNullable<TextTokenizer['special']> = { before: 0, after: 0 },
): Int32Array {
  const inner = ids.subarray(before, ids.length - after);
  const room = length - before - after;
  const kept = side === 'start' ? inner.subarray(inner.length - room) : inner.subarray(0, room);
  return Int32Array.from([...ids.subarray(0, before), ...kept, ...ids.subarray(ids.length - after)]);
}
