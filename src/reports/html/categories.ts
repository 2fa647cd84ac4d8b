import type { DataSummary } from '../../core/inspection.ts';
import { categoryGrid } from '../category-grid.ts';
import { type Content, html } from './markup.ts';
import { table } from './table.ts';

/** How many examples there are of each category, and where they come from. */
export function categories(data: DataSummary): Content {
  const { columns, rows, notes } = categoryGrid(data);
  const body = rows.map(
    ({ name, counts }) =>
      html`<tr><th scope="row">${name}</th>${counts.map((count) => html`<td class="num count">${count.toLocaleString('en-US')}</td>`)}</tr>
`,
  );
  return [
    table(
      'Examples by whose word it is and what their measurements say',
      ['', ...columns],
      html`<tbody>${body}</tbody>`,
      'counts',
    ),
    notes.map((note) => html`<p class="note">${note}</p>`),
    html`<dl class="facts"><dt>Rows</dt><dd>${data.rows.toLocaleString('en-US')}</dd><dt>SHA-256</dt><dd><code>${data.fingerprint}</code></dd></dl>
`,
  ];
}
