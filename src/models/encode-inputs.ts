import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Token ids of each input. Nothing is cut off in silence.
 * @throws UserError naming the first input that is longer than `maxTokens`.
 */
export function encodeInputs(tokenizer: Tokenizer, inputs: readonly Input[], maxTokens: number): Uint16Array[] {
  return inputs.map(({ id, text }) => {
    const ids = tokenizer.encode(text);
    if (ids.length <= maxTokens) return ids;
    const next = 'Raise maxTokens of the model, or shorten the text.';
    throw expected('text-too-long', `example "${id}"`, `at most ${maxTokens} tokens long`, ids.length, next);
  });
}
