import { isDefined } from '../../core/estimates.ts';
import { absent, formatInterval, formatLevel, formatP, formatValue } from '../format.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { WeakRow, WeakSplitView, WeakToStrongView } from '../report-view.ts';
import { type WeakColumn, weakColumns } from '../weak-columns.ts';
import { disclosure } from './disclosure.ts';
import { type Content, html, type Markup } from './markup.ts';
import { noteList } from './note-list.ts';
import { standingMark } from './standing-mark.ts';
import { table } from './table.ts';

/** Weak labels, naive student, students and ceilings against ground truth: a table per split, and seed by seed. */
export function weakToStrong(view: WeakToStrongView): Content {
  const [headline, ...others] = view.splits;
  if (headline === undefined) return null;
  const asides = others.map((split) => {
    // The target split of a generalization analogy is what it is about.
    const isTarget = split.rows.some(({ cells }) => cells.has('differential-elicitation'));
    const body = splitTable(view, split);
    return isTarget ? html`<h3>On <code>${split.split}</code></h3>${body}` : disclosure(`On ${split.split}`, body);
  });
  return [
    html`<p class="note">${explanation(view)}</p>`,
    splitTable(view, headline),
    html`<p class="note">${reading(view, headline)}</p>`,
    asides,
    view.splits.map((split) => perSeed(view, split)),
  ];
}

function explanation({ naive, ceiling }: WeakToStrongView): string {
  const difference = naive === null ? '' : ` Differences are to ${naive}, paired on the same examples.`;
  const pgr = ceiling === null ? '' : ` PGR is the share of the way from the weak labels to ${ceiling}.`;
  return `Everybody against ground truth, over all untrusted examples.${difference}${pgr}`;
}

function reading({ naive }: WeakToStrongView, { level }: WeakSplitView): string {
  const interval = `${level === null ? '' : `${formatLevel(level)} `}interval`;
  const marks = naive === null ? '' : ` ▲, ▼ and ≈ say where a technique’s AUROC lies to ${naive}’s.`;
  return `Under each value its ${interval}; a difference’s p is Holm’s, corrected over the techniques compared.${marks}`;
}

const parts: readonly (readonly [WeakRow['part'], string])[] = [
  ['supervisor', 'The weak labels'],
  ['student', 'Students and other techniques'],
  ['control', 'Controls'],
  ['ceiling', 'Ceilings: trained on ground truth, which no technique may see'],
];

function splitTable(view: WeakToStrongView, { split, rows }: WeakSplitView): Content {
  const notes = createNotes();
  const columns = weakColumns(view, rows);
  const bodies = parts.map(([part, label]) => {
    const own = rows.filter((row) => row.part === part);
    if (own.length === 0) return null;
    const drawn = own.map(
      (row) => html`<tr>${nameCell(row)}${columns.map((column) => cell(row, column, notes))}</tr>
`,
    );
    return html`<tbody><tr class="part"><th colspan="${columns.length + 1}" scope="rowgroup"><span>${label}</span></th></tr>${drawn}</tbody>
`;
  });
  const head = ['Technique', ...columns.map(({ title }) => title)];
  return [table(`Against ground truth on ${split}`, head, bodies), noteList(notes)];
}

function perSeed(view: WeakToStrongView, { split, perSeed: seeds }: WeakSplitView): Content {
  const rows = seeds.flatMap(({ seed, rows: own }) => own.map((row) => ({ seed, row })));
  if (rows.length === 0) return null;
  const notes = createNotes();
  const columns = weakColumns(
    view,
    rows.map(({ row }) => row),
  );
  const body = rows.map(
    ({ seed, row }) =>
      html`<tr><th scope="row">${row.id}</th><td class="num">${seed}</td>${columns.map((column) => cell(row, column, notes))}</tr>
`,
  );
  const head = ['Technique', 'Seed', ...columns.map(({ title }) => title)];
  const title = `Against ground truth on ${split}, seed by seed`;
  return disclosure(title, [table(title, head, html`<tbody>${body}</tbody>`), noteList(notes)]);
}

function nameCell({ id, title, isNaive }: WeakRow): Markup {
  return html`<th scope="row" title="${title}">${id}${isNaive ? html` <small>naive student</small>` : null}</th>`;
}

function cell(row: WeakRow, { metric, isDifference: signed }: WeakColumn, notes: Notes): Markup {
  const found = row.cells.get(metric);
  if (found === undefined) {
    const reference = row.isNaive && metric.endsWith('difference-to-naive');
    return html`<td class="num none">${reference ? 'reference' : absent}</td>`;
  }
  const { estimate, adjustedPValue: p } = found;
  if (!isDefined(estimate)) {
    return html`<td class="num none" title="${estimate.undefined}">undefined <sup>${notes.letter(estimate.undefined)}</sup></td>`;
  }
  const mark = metric === 'difference-to-naive' ? html`${standingMark(row.standing, 'the naive student')} ` : null;
  const title = `n = ${estimate.n}, ${estimate.method}`;
  const value = html`<b>${mark}${formatValue(estimate.value, { signed })}</b><span class="ci">${formatInterval(estimate, { signed })}</span>`;
  const holm = p === null ? null : html`<span class="ci">p ${formatP(p)}</span>`;
  return html`<td class="num" title="${title}">${value}${holm}</td>`;
}
