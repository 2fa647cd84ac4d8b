import { type DefinedEstimate, isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatInterval, formatP, formatValue } from '../format.ts';
import { matrixMeaning, matrixParts, matrixTitle } from '../matrix-words.ts';
import { createNotes, type Notes } from '../notes.ts';
import type {
  FamiliesView,
  FamilyRow,
  MatrixCell,
  MatrixPart,
  MatrixRow,
  MatrixTable,
  MatrixView,
} from '../report-view.ts';
import { disclosure } from './disclosure.ts';
import { type Content, html, type Markup } from './markup.ts';
import { noteList } from './note-list.ts';
import { standingMark } from './standing-mark.ts';
import { table } from './table.ts';

/** The matrix of techniques and settings, with what it says of the two families of techniques. */
export function matrixBody({ tables, families }: MatrixView): Content {
  const drawn = tables.map((one) => {
    const body = matrixTable(one);
    // Accuracy repeats, for most readers, what AUROC says.
    if (one.metric === 'ground-truth-accuracy') return disclosure(matrixTitle(one), body);
    return html`<h3>${matrixTitle(one)}</h3>${body}`;
  });
  return [families === null ? null : familiesPart(families), drawn];
}

function familiesPart({ sentence, rows }: FamiliesView): Content {
  const head = ['Setting', 'Structure − general', 'Holm’s p', 'Structural technique', 'General technique'];
  const caption = 'The best technique that exploits structure against the best general one, by setting';
  return [
    html`<p class="verdict">${sentence}</p>
<p class="note">On half of the judged examples the best technique of each family is chosen, on the other half the two are compared, and the other way round: having many techniques, one of which is lucky, earns a family nothing. Where the halves chose different ones, both are named. AUROC is real-vs-fake where every seed has fake positives, else against ground truth.</p>
`,
    table(caption, head, html`<tbody>${rows.map(familyRow)}</tbody>`),
  ];
}

function familyRow({ name, estimate, adjustedPValue: p, standing, structural, general }: FamilyRow): Markup {
  const value = isDefined(estimate)
    ? html`<td class="num" title="${`n = ${estimate.n}, ${estimate.method}`}"><b>${standingMark(standing, 'general techniques')} ${formatValue(estimate.value, { signed: true })}</b><span class="ci">${formatInterval(estimate, { signed: true })}</span></td>`
    : html`<td class="reason"><i>undefined:</i> ${estimate.undefined}</td>`;
  const orAbsent = (text: string) => (text === '' ? absent : text);
  return html`<tr><th scope="row">${name}</th>${value}<td class="num none">${p === null ? absent : formatP(p)}</td><td>${orAbsent(structural)}</td><td>${orAbsent(general)}</td></tr>
`;
}

function matrixTable(one: MatrixTable): Content {
  const notes = createNotes();
  const names = one.columns.map(({ name, ranked }) => html`${name} <small>of ${ranked}</small>`);
  const caption = `${matrixTitle(one)}, technique by setting`;
  return [
    html`<p class="note">${sentenceCase(matrixMeaning(one))} The bar under a value is as long as it is above ${isGap(one) ? '0' : '0.5'}, full at 1.</p>
`,
    html`<div class="matrix">${table(
      caption,
      ['Technique', 'Mean rank', ...names],
      one.parts.map((part) => partBody(part, one, notes)),
    )}</div>`,
    noteList(notes),
  ];
}

function partBody({ kind, rows }: MatrixPart, one: MatrixTable, notes: Notes): Markup {
  return html`<tbody class="${kind}"><tr class="part"><th colspan="${one.columns.length + 2}" scope="rowgroup"><span>${matrixParts[kind]}</span></th></tr>${rows.map((row) => matrixRow(row, one, notes))}</tbody>
`;
}

function matrixRow(
  { id, title, structures, meanRank, ranks, cells }: MatrixRow,
  one: MatrixTable,
  notes: Notes,
): Markup {
  const exploits = structures.length === 0 ? title : `${title}; exploits ${structures.join(', ')}`;
  const mean =
    meanRank === null
      ? html`<td class="num none">${absent}</td>`
      : html`<td class="num"><b>${meanRank.toFixed(1)}</b><span class="ci">over ${ranks}</span></td>`;
  return html`<tr><th scope="row" title="${exploits}">${id}</th>${mean}${cells.map((cell, i) => matrixCell(cell, one.columns[i]?.name ?? '', one, notes))}</tr>
`;
}

function matrixCell(cell: MatrixCell, setting: string, one: MatrixTable, notes: Notes): Markup {
  if (cell === null) return html`<td class="num none">${absent}</td>`;
  if ('missing' in cell) {
    const missing = cell.missing.join(', ');
    return html`<td class="needs" title="cannot run: ${setting} does not offer ${missing}">needs ${missing}</td>`;
  }
  const { estimate, rank } = cell;
  if (!isDefined(estimate)) {
    const reason = estimate.undefined;
    return html`<td class="num none" title="${reason}">undefined <sup>${notes.letter(reason)}</sup></td>`;
  }
  const place = rank === null ? null : html`<span class="rank">#${rank}</span>`;
  const about = `${setting}: ${formatEstimate(estimate)}, n = ${estimate.n}, ${estimate.method}`;
  return html`<td class="num" title="${about}"><span class="top"><b>${formatValue(estimate.value)}</b>${place}</span><span class="ci">${formatInterval(estimate)}</span>${bar(estimate, one)}</td>`;
}

/** By its length, not its colour. */
function bar({ value }: DefinedEstimate, one: MatrixTable): Markup {
  const share = isGap(one) ? value : (value - 0.5) / 0.5;
  const percent = Math.round(1000 * Math.min(1, Math.max(0, share))) / 10;
  return html`<span class="bar"><span style="width:${percent}%"></span></span>`;
}

function isGap({ metric }: MatrixTable): boolean {
  return metric === 'pgr-auroc';
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
