import { isDefined } from '../../core/estimates.ts';
import { absent, formatDetail, formatEstimate, formatLevel, formatSeeds, formatValue } from '../format.ts';
import type { SweepRow, SweepTable, SweepView } from '../report-view.ts';
import { cut, printable, textWidth, wrap } from './text-width.ts';

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
  return [...wrap(title, width), ...blocks(names, columns, width)];
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

/** The columns beside the names, in as many blocks below one another as the width asks for. */
function blocks(names: readonly string[], columns: readonly string[][], width: number): string[] {
  const own = Math.min(widest(names), Math.max(10, width - widest(columns[0] ?? []) - 2));
  const lines: string[] = [];
  for (let from = 0; from < columns.length; ) {
    let to = from + 1;
    let used = own + 2 + widest(columns[from] as string[]);
    while (to < columns.length && used + 2 + widest(columns[to] as string[]) <= width) {
      used += 2 + widest(columns[to] as string[]);
      to++;
    }
    const block = columns.slice(from, to);
    const row = (i: number) => [
      pad(names[i] as string, own),
      ...block.map((column) => pad(column[i] as string, widest(column))),
    ];
    lines.push(...(from > 0 ? [''] : []), ...names.map((_, i) => cut(row(i).join('  ').trimEnd(), width)));
    from = to;
  }
  return lines;
}

function widest(cells: readonly string[]): number {
  return Math.max(...cells.map(textWidth));
}

function pad(text: string, width: number): string {
  const kept = cut(text, width);
  return kept + ' '.repeat(width - textWidth(kept));
}
