import { formatCount, formatShare } from '../format.ts';
import type { ChangedRow, CountRange, DatasetView } from '../report-view.ts';
import { type Content, html, type Markup } from './markup.ts';
import { table } from './table.ts';

/** Counts by category and split, and of what was dropped or relabelled while the data was made. */
export function dataset(view: DatasetView | null, seeds: number): Content {
  if (view === null) return html`<p class="note">The record does not say how its data was made up.</p>`;
  const rows = view.counts.map(
    ({ category, bySplit }) => html`<tr><th scope="row">${category}</th>${bySplit.map(cell)}</tr>
`,
  );
  const heldOut = view.heldOut.map(({ split, what }) => `${split} holds ${what} that never occur in training`);
  const ranges = seeds > 1 ? html`<p class="note">Counts that differ between seeds are shown as least–most.</p>` : null;
  return [
    table('Examples by category and split', ['Category', ...view.splits], html`<tbody>${rows}</tbody>`, 'counts'),
    heldOut.length === 0 ? null : html`<p class="note">${heldOut.join('; ')}.</p>`,
    changed('Dropped while the data was made', 'Nothing was dropped while the data was made.', view.dropped),
    changed('Relabelled while the data was made', 'Nothing was relabelled while the data was made.', view.relabelled),
    ranges,
  ];
}

function cell(count: CountRange): Markup {
  return html`<td class="num count">${formatCount(count)}</td>`;
}

function changed(caption: string, nothing: string, rows: readonly ChangedRow[]): Content {
  if (rows.length === 0) return html`<p class="note">${nothing}</p>`;
  const body = rows.map(
    ({ reason, category, count, share }) =>
      html`<tr><th scope="row">${reason}</th><td>${category}</td>${cell(count)}<td class="num count">${formatShare(share)}</td></tr>
`,
  );
  return table(
    caption,
    ['Reason', 'Category', 'Count', 'Share of the category'],
    html`<tbody>${body}</tbody>`,
    'counts',
  );
}
