import { formatDetail, formatLevel, formatSeeds } from '../format.ts';
import type { SweepRow, SweepTable, SweepView } from '../report-view.ts';
import { estimateCell } from './estimate-cell.ts';
import { html, type Markup } from './markup.ts';
import { sweepChart } from './sweep-chart.ts';
import { table } from './table.ts';

/** A chart and a table for every swept key, and for each combination of the other keys' values. */
export function sweepBody(view: SweepView): Markup {
  const interval = view.level === null ? 'interval' : `${formatLevel(view.level)} interval`;
  return html`<p>Real-vs-fake AUROC on <code>${view.split}</code>, ${formatSeeds(view.seeds, view.shownSeed)}, with its ${interval} as a band; 0.5 is chance.</p>
${view.tables.map(part)}`;
}

function part(one: SweepTable): Markup {
  const title = one.fixed === '' ? one.path : `${one.path}, at ${one.fixed}`;
  const head = ['Technique', ...one.values.map((value) => `${one.key} ${formatDetail(value)}`)];
  return html`<h3>${title}</h3>
<figure>${sweepChart(one, `AUROC of each technique by ${title}`)}</figure>
${table(`AUROC by ${title}`, head, html`<tbody>${one.rows.map(row)}</tbody>`)}
`;
}

function row({ id, role, isBaseline, estimates }: SweepRow): Markup {
  const mark = isBaseline ? 'baseline' : role === 'control' || role === 'ceiling' ? role : null;
  return html`<tr><th scope="row">${id}${mark === null ? null : html` <small>${mark}</small>`}</th>${estimates.map((one) => estimateCell(one))}</tr>
`;
}
