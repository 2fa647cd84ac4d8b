import { isDefined } from '../../core/estimates.ts';
import type { LabelledEstimate } from '../../core/inspection.ts';
import { absent, formatEstimate } from '../format.ts';
import { paragraph } from './paragraph.ts';
import { textWidth } from './text-width.ts';

const indent = '    ';

/**
 * Estimates below one another: the number, then what it is of; where there is none, why.
 * @param most that are shown; of further ones their number and where they are. @default all
 */
export function labelledLines(
  estimates: readonly LabelledEstimate[],
  width: number,
  { most = estimates.length, full = '' }: { readonly most?: number; readonly full?: string } = {},
): string[] {
  const shown = estimates
    .slice(0, most)
    .map(({ label, estimate }) =>
      isDefined(estimate)
        ? { value: formatEstimate(estimate), words: label }
        : { value: absent, words: `${label}: undefined: ${estimate.undefined}` },
    );
  const widest = Math.max(0, ...shown.map(({ value }) => textWidth(value)));
  const left = estimates.length - shown.length;
  return [
    ...shown.flatMap(({ value, words }) => {
      const gap = ' '.repeat(widest - textWidth(value));
      return paragraph(words, width, `${indent}${value}${gap}  `);
    }),
    ...(left > 0 ? paragraph(`and ${left} more in ${full}`, width, indent) : []),
  ];
}
