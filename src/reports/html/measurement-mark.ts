import { html, type Markup } from './markup.ts';

/** A measurement as a mark, and as a word for those who cannot see it. */
export function measurementMark(value: boolean | null): Markup {
  if (value === null) return html`<span title="masked">–<span class="hidden"> masked </span></span>`;
  return value
    ? html`<span title="positive">✓<span class="hidden"> positive </span></span>`
    : html`<span title="negative">✗<span class="hidden"> negative </span></span>`;
}
