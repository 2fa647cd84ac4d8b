import { absent, formatLevel, formatP } from '../format.ts';
import type { GroupView, TechniqueView } from '../report-view.ts';
import { estimateCell } from './estimate-cell.ts';
import { type Content, html, type Markup } from './markup.ts';
import { standingMark } from './standing-mark.ts';
import { table } from './table.ts';

/** The main table, and behind disclosures the same seed by seed and the metrics without a column. */
export function resultsTables(group: GroupView): Content {
  return [mainTable(group), marksNote(group), predictorTable(group), perSeedTable(group), otherMetricsTable(group)];
}

function mainTable(group: GroupView): Markup {
  const corrected = hasCorrection(group);
  const body = (label: string, views: readonly TechniqueView[]) =>
    views.length === 0
      ? null
      : html`<tbody><tr class="part"><th colspan="${6 + (corrected ? 1 : 0) + group.otherSplits.length}" scope="rowgroup"><span>${label}</span></th></tr>${views.map((view) => mainRow(view, corrected))}</tbody>
`;
  return table(
    `Techniques on ${group.headlineSplit ?? 'no split'}`,
    ['Technique', ...headings(group), ...group.otherSplits.map((split) => html`AUROC on <span>${split}</span>`)],
    [
      body('Baselines and techniques', group.techniques),
      body('Control', group.controls),
      body('Ceilings: trained on ground truth, which no technique may see', group.ceilings),
    ],
  );
}

function headings(group: GroupView): Content[] {
  const { baseline } = group;
  const to = baseline === null ? null : html` to ${baseline}`;
  return [
    'AUROC',
    html`Difference${to}`,
    ...(hasCorrection(group) ? ['Holm’s p'] : []),
    'PGR',
    'TPR at 1 % FPR',
    'TPR at 5 % FPR',
  ];
}

function mainRow(view: TechniqueView, corrected: boolean): Markup {
  const role = view.isBaseline ? html` <small>baseline</small>` : null;
  return html`<tr class="${view.role}"><th scope="row" title="${view.title}">${view.id}${role}</th>${mainCells(view, corrected)}${view.shown.otherSplits.map((estimate) => estimateCell(estimate))}</tr>
`;
}

function mainCells({ shown, standing, isBaseline }: TechniqueView, corrected: boolean): Content {
  const p = shown.adjustedPValue;
  return [
    estimateCell(shown.auroc),
    isBaseline
      ? html`<td class="num none">reference</td>`
      : estimateCell(shown.difference, { signed: true, mark: [standingMark(standing), ' '] }),
    corrected ? html`<td class="num none">${p === null ? absent : formatP(p)}</td>` : null,
    estimateCell(shown.pgr),
    estimateCell(shown.tprAt1),
    estimateCell(shown.tprAt5),
  ];
}

function hasCorrection({ techniques, controls, ceilings }: GroupView): boolean {
  return [...techniques, ...controls, ...ceilings].some(({ shown }) => shown.adjustedPValue !== null);
}

function marksNote(group: GroupView): Content {
  if (group.baseline === null) return null;
  const interval = `${group.level === null ? '' : `${formatLevel(group.level)} `}interval`;
  const corrected = hasCorrection(group) ? ' and Holm’s corrected p, over all techniques compared, agrees' : '';
  return html`<p class="note">Under each value its ${interval}. ▲ and ▼ mark differences whose paired interval excludes 0${corrected}; ≈ those that chance may explain.</p>
`;
}

function predictorTable({ predictor }: GroupView): Content {
  if (predictor.length === 0) return null;
  const rows = predictor.map(
    ({ split, metric, head, estimate }) =>
      html`<tr><th scope="row">${head ?? 'mean over measurements'}</th><td>${split}</td><td>${metric}</td>${estimateCell(estimate)}</tr>
`,
  );
  const intro = html`<p class="note">The measurement predictor is what every technique starts from: how well it predicts the measurements themselves, on all examples of the split.</p>`;
  return [
    html`<h3>Measurement predictor</h3>`,
    intro,
    table(
      'How well the measurements are predicted',
      ['Head', 'Split', 'Metric', 'Estimate'],
      html`<tbody>${rows}</tbody>`,
    ),
  ];
}

function perSeedTable(group: GroupView): Content {
  if (group.seeds.length < 2) return null;
  const rows = [...group.techniques, ...group.controls, ...group.ceilings].flatMap(({ id, perSeed }) =>
    perSeed.map(
      ({ seed, auroc, difference, pgr, tprAt5 }) =>
        html`<tr><th scope="row">${id}</th><td class="num">${seed}</td>${estimateCell(auroc)}${estimateCell(difference, { signed: true })}${estimateCell(pgr)}${estimateCell(tprAt5)}</tr>
`,
    ),
  );
  const head = ['Technique', 'Seed', 'AUROC', 'Difference', 'PGR', 'TPR at 5 % FPR'];
  return disclosure('Seed by seed', table('Each seed on its own', head, html`<tbody>${rows}</tbody>`));
}

function otherMetricsTable(group: GroupView): Content {
  const rows = [...group.techniques, ...group.controls, ...group.ceilings].flatMap(({ id, shown }) =>
    shown.others.map(
      ({ metric, estimate }) => html`<tr><th scope="row">${id}</th><td>${metric}</td>${estimateCell(estimate)}</tr>
`,
    ),
  );
  if (rows.length === 0) return null;
  const head = ['Technique', 'Metric', 'Estimate'];
  return disclosure('Further metrics', table('Metrics without a column above', head, html`<tbody>${rows}</tbody>`));
}

function disclosure(summary: string, content: Content): Markup {
  return html`<details><summary>${summary}</summary>${content}</details>
`;
}
