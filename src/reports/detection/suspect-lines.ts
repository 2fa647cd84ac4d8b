import { formatValue } from '../format.ts';
import { cut, printable, textWidth } from '../terminal/text-width.ts';
import { formatPValue } from './alarm-words.ts';
import type { Suspect } from './detection-view.ts';

const mostShown = 10;

/**
 * Rank, p-value, score, id and as much of the text as a line holds; `!` where flagged.
 * @param further where more is, in a sentence.
 */
export function suspectLines(suspects: readonly Suspect[], width: number, further: string): string[] {
  const shown = suspects.slice(0, mostShown);
  if (shown.length === 0) return [];
  const idWidth = Math.min(24, Math.max(2, ...shown.map(({ id }) => textWidth(printable(id)))));
  const line = (rank: string, p: string, score: string, id: string, text: string) => {
    const kept = cut(id, idWidth);
    const start = `${rank.padStart(4)}  ${p.padEnd(8)} ${score.padStart(8)}  ${kept}${' '.repeat(idWidth - textWidth(kept))}`;
    return cut(`${start}  ${text}`, width).trimEnd();
  };
  const rows = shown.map(({ rank, pValue, score, id, text, flagged }) => {
    const words = printable(text.slice(0, 400).replace(/\s+/g, ' ').trim());
    return line(`${flagged ? '!' : ''}${rank}`, formatPValue(pValue), formatValue(score), printable(id), words);
  });
  const flagged = shown.some((suspect) => suspect.flagged) ? '! = flagged; ' : '';
  return [line('rank', 'p', 'score', 'id', 'text'), ...rows, cut(`${flagged}${further}`, width)];
}
