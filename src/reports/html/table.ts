import { type Content, html, type Markup } from './markup.ts';

/** A captioned table in a container of its own that scrolls (also by keyboard) where the page is too narrow. */
export function table(
  caption: string,
  head: readonly Content[],
  body: Content,
  kind: 'usual' | 'counts' = 'usual',
): Markup {
  const cells = head.map((cell) => html`<th scope="col">${cell}</th>`);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="${kind}"><caption>${caption}</caption>
<thead><tr>${cells}</tr></thead>
${body}</table></div>
`;
}
