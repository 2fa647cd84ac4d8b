import type { Standing } from '../report-view.ts';
import { html, type Markup } from './markup.ts';

const meanings: Record<Standing, readonly [mark: string, meaning: string]> = {
  above: ['▲', 'above'],
  below: ['▼', 'below'],
  unclear: ['≈', 'not told apart from'],
  unknown: ['', ''],
};

/** A mark that says by its shape where a technique stands to what it is compared with, with the words for a screen reader. */
export function standingMark(standing: Standing, to = 'the baseline'): Markup {
  const [mark, relation] = meanings[standing];
  const meaning = relation === '' ? '' : `${relation} ${to}`;
  return html`<span class="mark ${standing}" title="${meaning}"><span aria-hidden="true">${mark}</span><span class="hidden">${meaning}</span></span>`;
}
