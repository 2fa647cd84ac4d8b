import type { Input } from '../../core/examples.ts';
import type { TextTokenizer } from '../../models/text-tokenizer.ts';

/** A note on how many texts are longer than what is read of them; none where all are read whole. */
export function cutNote(
  tokenizer: Pick<TextTokenizer, 'encode'>,
  inputs: readonly Pick<Input, 'text'>[],
  most: number,
): string[] {
  const cut = inputs.filter(({ text }) => tokenizer.encode(text, most + 1).length > most).length;
  if (cut === 0) return [];
  return [`${cut} of ${inputs.length} texts are longer than ${most} tokens; what comes after is not read.`];
}
