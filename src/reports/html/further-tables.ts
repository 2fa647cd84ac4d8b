import { allRows } from '../all-rows.ts';
import type { GroupView, PredictorMetric } from '../report-view.ts';
import { tableColumns } from '../table-columns.ts';
import { disclosure } from './disclosure.ts';
import { estimateCell } from './estimate-cell.ts';
import { type Content, html } from './markup.ts';
import { table } from './table.ts';

/** The predictor's own metrics, and behind disclosures the main table seed by seed and the metrics without a column. */
export function furtherTables(group: GroupView): Content {
  return [kindsTable(group), predictorTable(group), perSeedTable(group), otherMetricsTable(group)];
}

function kindsTable({ kinds }: GroupView): Content {
  if (kinds === null) return null;
  const body = kinds.rows.map(({ technique, estimates }) => {
    return html`<tr><th scope="row">${technique}</th>${estimates.map((estimate) => estimateCell(estimate))}</tr>
`;
  });
  const head = ['Technique', ...kinds.kinds.map(({ kind, fakes }) => `${kind} (${fakes})`)];
  return html`<h3>By kind of fake</h3>
<p class="note">AUROC of all real positives against the fake positives of one kind, whose number is in brackets.</p>
${table('AUROC by kind of fake', head, html`<tbody>${body}</tbody>`)}`;
}

function predictorTable({ predictor }: GroupView): Content {
  if (predictor.length === 0) return null;
  const splits = [...new Set(predictor.map(({ split }) => split))];
  const rows = Map.groupBy(predictor, nameOf);
  const body = [...rows].map(([name, metrics]) => {
    const cells = splits.map((split) =>
      estimateCell(metrics.find((metric) => metric.split === split)?.estimate ?? null),
    );
    return html`<tr><th scope="row">${name}</th>${cells}</tr>
`;
  });
  return html`<h3>Measurement predictor</h3>
<p class="note">What every technique starts from: how well it predicts the measurements themselves, on all examples of a split.</p>
${table('Measurement predictor', ['Head', ...splits], html`<tbody>${body}</tbody>`)}`;
}

function nameOf({ metric, head }: PredictorMetric): string {
  const name = head ?? 'mean over the measurements';
  return metric === 'measurement-auroc' ? `${name}, AUROC` : `${name}, ${metric}`;
}

function perSeedTable(group: GroupView): Content {
  const rows = allRows(group).flatMap(({ id, perSeed }) => perSeed.map((cells) => ({ id, cells })));
  if (rows.length === 0) return null;
  const columns = tableColumns(
    group,
    rows.map(({ cells }) => cells),
  );
  const body = rows.map(({ id, cells }) => {
    const estimates = columns.map(({ kind, estimate }) =>
      estimateCell(estimate(cells), { signed: kind === 'difference' || kind === 'surface' }),
    );
    return html`<tr><th scope="row">${id}</th><td class="num">${cells.seed}</td>${estimates}</tr>
`;
  });
  const head = ['Technique', 'Seed', ...columns.map(({ title }) => title)];
  return disclosure('Seed by seed', table('Each seed on its own', head, html`<tbody>${body}</tbody>`));
}

function otherMetricsTable(group: GroupView): Content {
  const rows = allRows(group)
    .flatMap(({ id, shown, perSeed }) => [
      { id, seed: String(group.shownSeed), others: shown.others },
      ...perSeed.map(({ seed, others }) => ({ id, seed: String(seed), others })),
    ])
    .filter(({ others }) => others.length > 0);
  if (rows.length === 0) return null;
  const metrics = [...new Set(rows.flatMap(({ others }) => others.map(({ metric }) => metric)))];
  const body = rows.map(({ id, seed, others }) => {
    const cells = metrics.map((id) => estimateCell(others.find(({ metric }) => metric === id)?.estimate ?? null));
    return html`<tr><th scope="row">${id}</th><td class="num">${seed}</td>${cells}</tr>
`;
  });
  const head = ['Technique', 'Seed', ...metrics];
  return disclosure('Further metrics', table('Metrics without a column above', head, html`<tbody>${body}</tbody>`));
}
