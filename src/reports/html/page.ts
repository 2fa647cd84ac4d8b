import { type Content, html, type Markup } from './markup.ts';
import { style } from './style.ts';

export interface Page {
  readonly title: string;
  /** Beneath the title, small. */
  readonly meta: Content;
  /** Entries of the navigation, each from {@link pageLink}. */
  readonly links: Content;
  readonly main: Content;
}

/** A page as one HTML file that needs no network and runs no script; ends with a newline. */
export function page({ title, meta, links, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<header><h1>${title}</h1>
<p class="meta">${meta}</p></header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main>
${main}</main>
<footer>Made by touchstone. This page is one file; it loads nothing and sends nothing.</footer>
</body>
</html>
`.markup;
}

/** An entry of the navigation that leads to the section of that id. */
export function pageLink(id: string, title: string, name = ''): Markup {
  return html`<li><a class="${name}" href="#${id}">${title}</a></li>`;
}
