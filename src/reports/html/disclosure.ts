import { type Content, html, type Markup } from './markup.ts';

/** What only some readers want, behind its title. */
export function disclosure(title: string, content: Content): Markup {
  return html`<details><summary>${title}</summary>${content}</details>
`;
}
