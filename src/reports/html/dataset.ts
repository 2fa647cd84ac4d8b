import { formatCount } from '../format.ts';
import type { CountRange, DatasetView } from '../report-view.ts';
import { type Content, html } from './markup.ts';
import { table } from './table.ts';

/** Counts by category and split, and of what was dropped while the data was made. */
export function dataset(view: DatasetView | null, seeds: number): Content {
  if (view === null) return html`<p class="note">The record does not say how its data was made up.</p>`;
  const cell = (count: CountRange) => html`<td class="num count">${formatCount(count)}</td>`;
  const rows = view.counts.map(
    ({ category, bySplit }) => html`<tr><th scope="row">${category}</th>${bySplit.map(cell)}</tr>
`,
  );
  const dropped = view.dropped.map(
    ({ reason, count }) => html`<tr><th scope="row">${reason}</th>${cell(count)}</tr>
`,
  );
  const ranges = seeds > 1 ? html`<p class="note">Counts that differ between seeds are shown as least–most.</p>` : null;
  const nothing = html`<p class="note">Nothing was dropped while the data was made.</p>`;
  return [
    table('Examples by category and split', ['Category', ...view.splits], html`<tbody>${rows}</tbody>`, 'counts'),
    dropped.length === 0
      ? nothing
      : table(
          'Dropped or changed while the data was made',
          ['Reason', 'Count'],
          html`<tbody>${dropped}</tbody>`,
          'counts',
        ),
    ranges,
  ];
}
