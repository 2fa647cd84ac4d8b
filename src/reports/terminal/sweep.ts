import { isDefined } from '../../core/estimates.ts';
import { absent, formatDetail, formatEstimate, formatLevel, formatSeeds, formatValue } from '../format.ts';
import type { SweepRow, SweepTable, SweepView } from '../report-view.ts';
import { gridLines } from './grid.ts';
import { printable, textWidth, wrap } from './text-width.ts';

/** One table per swept key, each with the other keys at their first value. */
export function sweepLines(view: SweepView, width: number): string[] {
  const keys = [...Map.groupBy(view.tables, ({ path }) => path).values()];
  const level = view.level === null ? '' : `${formatLevel(view.level)} `;
  const further = view.tables.length - keys.length;
  return [
    ...wrap(
      [view.setting, view.split, formatSeeds(view.seeds, view.shownSeed), `${view.points} points`].join(' · '),
      width,
    ),
    ...wrap(`Real-vs-fake AUROC [${level}interval] by swept key, 0.5 is chance.`, width),
    ...keys.flatMap(([first]) => (first === undefined ? [] : ['', ...tableLines(first, width)])),
    ...(further > 0 ? ['', ...wrap(`${further} further tables, at other values, are in report.html.`, width)] : []),
  ];
}

function tableLines(table: SweepTable, width: number): string[] {
  const heads = table.values.map((value) => printable(formatDetail(value)));
  const title = table.fixed === '' ? table.path : `${table.path}, at ${table.fixed}`;
  const name = Math.max(9, ...table.rows.map(({ id }) => textWidth(printable(id))));
  const drawn = [true, false].map((interval) => columnsOf(table, heads, interval));
  const widthOf = (columns: readonly string[][]) => columns.reduce((sum, column) => sum + widest(column) + 2, name);
  const columns = drawn.find((set) => widthOf(set) <= width) ?? (drawn[1] as string[][]);
  const names = ['technique', ...table.rows.map(rowName)];
  return [...wrap(title, width), ...gridLines(names, columns, width)];
}

function rowName({ id, role, isBaseline }: SweepRow): string {
  const mark = isBaseline ? ' (baseline)' : role === 'control' || role === 'ceiling' ? ` (${role})` : '';
  return `${printable(id)}${mark}`;
}

function columnsOf({ rows }: SweepTable, heads: readonly string[], interval: boolean): string[][] {
  return heads.map((head, i) => [head, ...rows.map(({ estimates }) => cell(estimates[i] ?? null, interval))]);
}

function cell(estimate: SweepRow['estimates'][number], interval: boolean): string {
  if (estimate === null) return absent;
  if (!isDefined(estimate)) return 'undefined';
  return interval ? formatEstimate(estimate) : formatValue(estimate.value);
}

function widest(cells: readonly string[]): number {
  return Math.max(...cells.map(textWidth));
}
