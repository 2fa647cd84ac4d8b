import { type Estimate, isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatP, formatValue } from '../format.ts';
import { matrixParts, matrixTitle } from '../matrix-words.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { FamiliesView, MatrixCell, MatrixTable, MatrixView } from '../report-view.ts';
import { gridLines } from './grid.ts';
import { noteLines } from './notes.ts';
import { printable, wrap } from './text-width.ts';

/** Technique × setting without intervals, settings by number; accuracy is left to the other reports. */
export function matrixLines({ tables, families }: MatrixView, width: number): string[] {
  return [
    ...wrap('Technique × setting: value and #rank in its setting; intervals are in report.html.', width),
    ...tables
      .filter(({ metric }) => metric !== 'ground-truth-accuracy')
      .flatMap((one) => ['', ...tableLines(one, width)]),
    ...(families === null ? [] : ['', ...familyLines(families, width)]),
  ];
}

function familyLines({ sentence, rows }: FamiliesView, width: number): string[] {
  const notes = createNotes();
  const columns = [
    ['structure − general', ...rows.map(({ estimate }) => differenceOf(estimate, notes))],
    ['Holm’s p', ...rows.map(({ adjustedPValue: p }) => (p === null ? absent : formatP(p)))],
  ];
  return [
    ...gridLines(['setting', ...rows.map(({ name }) => name)], columns, width),
    ...noteLines(notes, width),
    '',
    ...wrap(sentence, width),
  ];
}

function differenceOf(estimate: Estimate, notes: Notes): string {
  if (!isDefined(estimate)) return `undef (${notes.letter(`undefined: ${estimate.undefined}`)})`;
  return formatEstimate(estimate, { signed: true });
}

function tableLines(one: MatrixTable, width: number): string[] {
  const notes = createNotes();
  const lines = one.parts.flatMap(({ kind, rows }) => [
    { name: matrixParts[kind], mean: '', cells: one.columns.map(() => '') },
    ...rows.map(({ id, meanRank, cells }) => ({
      name: `  ${id}`,
      mean: meanRank === null ? absent : meanRank.toFixed(1),
      cells: cells.map((cell) => cellOf(cell, notes)),
    })),
  ]);
  const columns = [
    ['mean', ...lines.map(({ mean }) => mean)],
    ...one.columns.map((_, i) => [`(${i + 1})`, ...lines.map(({ cells }) => printable(cells[i] as string))]),
  ];
  const settings = one.columns.map(({ name, ranked }, i) => `(${i + 1}) ${name}, of ${ranked}`).join('; ');
  return [
    ...wrap(`${matrixTitle(one)}: ${settings}`, width),
    ...gridLines(['technique', ...lines.map(({ name }) => name)], columns, width),
    ...noteLines(notes, width),
  ];
}

function cellOf(cell: MatrixCell, notes: Notes): string {
  if (cell === null) return absent;
  if ('missing' in cell) return `n/a (${notes.letter(`needs ${cell.missing.join(', ')}`)})`;
  if (!isDefined(cell.estimate)) return `undef (${notes.letter(`undefined: ${cell.estimate.undefined}`)})`;
  return `${formatValue(cell.estimate.value)}${cell.rank === null ? '' : ` #${cell.rank}`}`;
}
