import { z } from 'zod';

/** How symbols become text: each digit and sign on a line of its own, the same with digits from the right, or as one writes. */
export type Layout = 'lines' | 'reversed' | 'plain';

/** The option that every setting of arithmetic has. The byte-pair tokenizer never joins what stands on different lines. */
export const layoutOption = z
  .enum(['lines', 'reversed', 'plain'])
  .default('lines')
  .describe(
    'lines: each digit and sign on a line of its own, so that it is one token; reversed: the same with the digits of a number from the right, as one adds; plain: as one writes.',
  );

/** Symbols one after the other, each preceded by a space or followed by a newline; on lines, numbers fall into digits. */
export function layOut(symbols: readonly (string | number)[], layout: Layout): string {
  if (layout === 'plain') return symbols.map((symbol) => ` ${symbol}`).join('');
  const pieces = symbols.flatMap((symbol) => (typeof symbol === 'number' ? digitsOf(symbol, layout) : [symbol]));
  return pieces.map((piece) => `${piece}\n`).join('');
}

function digitsOf(number: number, layout: Layout): string[] {
  const digits = [...`${number}`];
  return layout === 'reversed' ? digits.reverse() : digits;
}
