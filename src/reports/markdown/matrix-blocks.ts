import { isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatP } from '../format.ts';
import { matrixMeaning, matrixParts, matrixTitle } from '../matrix-words.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { FamiliesView, MatrixCell, MatrixTable, MatrixView } from '../report-view.ts';
import { noteLines } from './note-lines.ts';
import { plain, table } from './text.ts';

/** Technique × setting, a table per metric, after what it says of the two families of techniques. */
export function matrixBlocks({ tables, families }: MatrixView): string[] {
  return [
    '## Technique × setting',
    ...(families === null ? [] : familyBlocks(families)),
    ...tables.flatMap((one) => tableBlocks(one)),
  ];
}

function familyBlocks({ sentence, rows }: FamiliesView): string[] {
  const cells = rows.map(({ name, estimate, adjustedPValue: p, structural, general }) => [
    name,
    formatEstimate(estimate, { signed: true }),
    p === null ? absent : formatP(p),
    structural === '' ? absent : structural,
    general === '' ? absent : general,
  ]);
  const head = ['Setting', 'Structure − general', 'Holm’s p', 'Structural technique', 'General technique'];
  return [plain(sentence), table(head, cells)];
}

function tableBlocks(one: MatrixTable): string[] {
  const notes = createNotes();
  const rows = one.parts.flatMap(({ kind, rows: own }) => [
    [matrixParts[kind], '', ...one.columns.map(() => '')],
    ...own.map(({ id, meanRank, ranks, cells }) => [
      id,
      meanRank === null ? absent : `${meanRank.toFixed(1)} over ${ranks}`,
      ...cells.map((cell) => cellOf(cell, notes)),
    ]),
  ]);
  const head = ['Technique', 'Mean rank', ...one.columns.map(({ name, ranked }) => `${name} (of ${ranked})`)];
  return [
    `### ${matrixTitle(one)}`,
    plain(`${matrixTitle(one)}: ${matrixMeaning(one)}`),
    table(head, rows),
    noteLines(notes),
  ];
}

function cellOf(cell: MatrixCell, notes: Notes): string {
  if (cell === null) return absent;
  if ('missing' in cell) return `needs ${cell.missing.join(', ')}`;
  if (!isDefined(cell.estimate)) return `undefined (${notes.letter(cell.estimate.undefined)})`;
  return `${formatEstimate(cell.estimate)}${cell.rank === null ? '' : `, no. ${cell.rank}`}`;
}
