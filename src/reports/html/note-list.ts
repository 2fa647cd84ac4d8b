import type { Notes } from '../notes.ts';
import { type Content, html } from './markup.ts';

/** What the letters of a table stand for; nothing where there are none. */
export function noteList(notes: Notes): Content {
  const lines = notes.all().map(({ letter, reason }) => html`<li><sup>${letter}</sup> ${reason}</li>`);
  return lines.length === 0 ? null : html`<ul class="note notes">${lines}</ul>`;
}
