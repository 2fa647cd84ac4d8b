import { allRows } from '../all-rows.ts';
import { absent, formatLevel, formatP } from '../format.ts';
import type { GroupView, TechniqueView } from '../report-view.ts';
import { type TableColumn, tableColumns } from '../table-columns.ts';
import { estimateCell } from './estimate-cell.ts';
import { type Content, html, type Markup } from './markup.ts';
import { standingMark } from './standing-mark.ts';
import { table } from './table.ts';

/** Techniques, controls and ceilings with their estimates on the shown seeds. */
export function mainTable(group: GroupView): Content {
  const rows = allRows(group);
  const columns = tableColumns(
    group,
    rows.map(({ shown }) => shown),
  );
  const corrected = rows.some(({ shown }) => shown.adjustedPValue !== null);
  const head = columns.flatMap(({ kind, title }) =>
    (kind === 'difference' || kind === 'surface') && corrected ? [title, 'Holm’s p'] : [title],
  );
  const body = (label: string, views: readonly TechniqueView[]) =>
    views.length === 0
      ? null
      : html`<tbody><tr class="part"><th colspan="${head.length + 1}" scope="rowgroup"><span>${label}</span></th></tr>${views.map((view) => row(view, columns, corrected))}</tbody>
`;
  const parts = [
    body('Baselines and techniques', group.techniques),
    body('Controls', group.controls),
    body('Ceilings: trained on ground truth, which no technique may see', group.ceilings),
  ];
  return [
    table(`Techniques on ${group.headlineSplit ?? 'no split'}`, ['Technique', ...head], parts),
    note(group, corrected),
  ];
}

function row(view: TechniqueView, columns: readonly TableColumn[], corrected: boolean): Markup {
  const baseline = view.isBaseline ? html` <small>baseline</small>` : null;
  const cells = columns.map(({ kind, estimate }) => {
    if (kind === 'difference') return differenceCells(view, corrected);
    return kind === 'surface' ? surfaceCells(view, corrected) : estimateCell(estimate(view.shown));
  });
  return html`<tr><th scope="row" title="${view.title}">${view.id}${baseline}</th>${cells}</tr>
`;
}

function differenceCells({ shown, standing, isBaseline }: TechniqueView, corrected: boolean): Content {
  const p = shown.adjustedPValue;
  return [
    isBaseline
      ? html`<td class="num none">reference</td>`
      : estimateCell(shown.difference, { signed: true, mark: [standingMark(standing), ' '] }),
    corrected ? html`<td class="num none">${p === null ? absent : formatP(p)}</td>` : null,
  ];
}

function surfaceCells({ shown: { surface, surfacePValue: p } }: TechniqueView, corrected: boolean): Content {
  return [
    estimateCell(surface, { signed: true }),
    corrected ? html`<td class="num none">${p === null ? absent : formatP(p)}</td>` : null,
  ];
}

function note({ baseline, level }: GroupView, corrected: boolean): Content {
  if (baseline === null) return null;
  const interval = `${level === null ? '' : `${formatLevel(level)} `}interval`;
  const holm = corrected ? ' and whose p stays small after Holm’s correction over the techniques compared' : '';
  return html`<p class="note">Under each value its ${interval}. ▲ and ▼ mark differences whose paired interval excludes 0${holm}; ≈ those that chance may explain.</p>
`;
}
