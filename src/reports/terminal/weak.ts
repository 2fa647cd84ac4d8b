import { isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatLevel, formatValue } from '../format.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { WeakRow, WeakToStrongView } from '../report-view.ts';
import { type WeakColumn, weakColumns } from '../weak-columns.ts';
import { gridLines } from './grid.ts';
import { noteLines } from './notes.ts';
import { wrap } from './text-width.ts';

/** Columns with their intervals; the others are in the other reports. */
const withInterval = 3;

/** Everybody against ground truth on the headline split, and on the target of a generalization analogy. */
export function weakLines(view: WeakToStrongView, width: number): string[] {
  const [headline, ...others] = view.splits;
  const targets = others.filter(({ rows }) => rows.some(({ cells }) => cells.has('differential-elicitation')));
  return [headline, ...targets].flatMap((split) => {
    if (split === undefined) return [];
    const notes = createNotes();
    const interval = `[${split.level === null ? '' : `${formatLevel(split.level)} `}interval]`;
    const to = view.naive === null ? '' : `; difference to ${view.naive}, paired (▲▼: not 0)`;
    const pgr = view.ceiling === null ? '' : `; PGR: from the weak labels to ${view.ceiling}`;
    const columns = weakColumns(view, split.rows).slice(0, 6);
    const drawn = columns.map((column, i) => [
      column.metric === 'difference-to-naive' ? `  ${column.short}` : column.short,
      ...split.rows.map((row) => cell(row, column, i < withInterval, notes)),
    ]);
    return [
      ...wrap(`Against ground truth on ${split.split}, all untrusted examples ${interval}${to}${pgr}.`, width),
      ...gridLines(['technique', ...split.rows.map(nameOf)], drawn, width),
      ...noteLines(notes, width),
    ];
  });
}

function nameOf({ id, part }: WeakRow): string {
  return part === 'control' || part === 'ceiling' ? `${id} (${part})` : id;
}

const marks = { above: '▲ ', below: '▼ ', unclear: '  ', unknown: '  ' } as const;

function cell(row: WeakRow, { metric, isDifference: signed }: WeakColumn, interval: boolean, notes: Notes): string {
  const estimate = row.cells.get(metric)?.estimate;
  const mark = metric === 'difference-to-naive' ? marks[row.standing] : '';
  if (estimate === undefined) return row.isNaive && signed ? `${mark}reference` : `${mark}${absent}`;
  if (!isDefined(estimate)) return `${mark}undef (${notes.letter(estimate.undefined)})`;
  return `${mark}${interval ? formatEstimate(estimate, { signed }) : formatValue(estimate.value, { signed })}`;
}
