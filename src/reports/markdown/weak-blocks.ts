import { isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatP } from '../format.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { WeakRow, WeakToStrongView } from '../report-view.ts';
import { type WeakColumn, weakColumns } from '../weak-columns.ts';
import { noteLines } from './note-lines.ts';
import { plain, table } from './text.ts';

/** Weak labels, students and ceilings against ground truth, a table per split. */
export function weakBlocks(view: WeakToStrongView): string[] {
  const { naive, ceiling } = view;
  const difference = naive === null ? '' : ` Differences are to ${naive}, paired.`;
  const pgr = ceiling === null ? '' : ` PGR goes from the weak labels to ${ceiling}.`;
  return view.splits.flatMap(({ split, rows }) => {
    const notes = createNotes();
    const columns = weakColumns(view, rows);
    const cells = rows.map((row) => [nameOf(row), ...columns.map((column) => cellOf(row, column, notes))]);
    return [
      `### Against ground truth on ${plain(split)}`,
      plain(`Over all untrusted examples.${difference}${pgr}`),
      table(['Technique', ...columns.map(({ title }) => title)], cells),
      noteLines(notes),
    ];
  });
}

function nameOf({ id, part, isNaive }: WeakRow): string {
  if (isNaive) return `${id} (naive student)`;
  return part === 'control' || part === 'ceiling' ? `${id} (${part})` : id;
}

function cellOf({ cells, isNaive }: WeakRow, { metric, isDifference: signed }: WeakColumn, notes: Notes): string {
  const found = cells.get(metric);
  if (found === undefined) return isNaive && metric.endsWith('difference-to-naive') ? 'reference' : absent;
  const { estimate, adjustedPValue: p } = found;
  if (!isDefined(estimate)) return `undefined (${notes.letter(estimate.undefined)})`;
  return `${formatEstimate(estimate, { signed })}${p === null ? '' : `, p ${formatP(p)} (Holm)`}`;
}
