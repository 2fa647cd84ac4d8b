import type { Standing } from '../report-view.ts';
import { html, type Markup } from './markup.ts';

const meanings: Record<Standing, readonly [mark: string, meaning: string]> = {
  above: ['▲', 'above the baseline'],
  below: ['▼', 'below the baseline'],
  unclear: ['≈', 'not told apart from the baseline'],
  unknown: ['', ''],
};

/** A mark that says by its shape where a technique stands to the baseline, with the words for a screen reader. */
export function standingMark(standing: Standing): Markup {
  const [mark, meaning] = meanings[standing];
  return html`<span class="mark ${standing}" title="${meaning}"><span aria-hidden="true">${mark}</span><span class="hidden">${meaning}</span></span>`;
}
