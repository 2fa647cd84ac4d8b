import { z } from 'zod';

/** How symbols become text: each digit and sign on a line of its own, or as one writes. */
export type Layout = 'lines' | 'plain';

/** The option that every setting of arithmetic has. The byte-pair tokenizer never joins what stands on different lines. */
export const layoutOption = z
  .enum(['lines', 'plain'])
  .default('lines')
  .describe('Each digit and sign on a line of its own, so that it is one token; or as one writes.');

/** Symbols one after the other, each preceded by a space or followed by a newline; numbers fall into digits on lines. */
export function layOut(symbols: readonly (string | number)[], layout: Layout): string {
  if (layout === 'plain') return symbols.map((symbol) => ` ${symbol}`).join('');
  const pieces = symbols.flatMap((symbol) => (typeof symbol === 'number' ? [...`${symbol}`] : [symbol]));
  return pieces.map((piece) => `${piece}\n`).join('');
}
