import { type Estimate, isDefined } from '../../core/estimates.ts';
import { allRows } from '../all-rows.ts';
import { absent, formatEstimate, formatValue } from '../format.ts';
import type { GroupView, Standing, TechniqueView } from '../report-view.ts';
import { type TableColumn, tableColumns } from '../table-columns.ts';

export interface Column {
  readonly header: string;
  readonly cell: (technique: TechniqueView) => string;
}

/** Says on which side of 0 a paired interval lies without needing colour. */
const marks: Record<Standing, string> = { above: '▲ ', below: '▼ ', unclear: '  ', unknown: '  ' };

/** Stands in a cell for an undefined estimate: the key of the note with its reason. */
export type Explain = (reason: string) => string;

/** Sets of columns from the most telling to the most terse; a narrow terminal takes the first that fits. */
export function columnSets(group: GroupView, explain: Explain): Column[][] {
  const columns = tableColumns(
    group,
    allRows(group).map(({ shown }) => shown),
  );
  const draw = (intervals: number, count: number) =>
    columns.slice(0, count).map((column, i) => drawn(column, i < intervals, explain));
  const dropping = columns
    .map((_, i) => draw(2, columns.length - i))
    .filter((set) => set.length >= 2 || columns.length < 2);
  return [...dropping, draw(1, 2), draw(0, 2), draw(0, 1)];
}

function drawn({ kind, short, estimate }: TableColumn, interval: boolean, explain: Explain): Column {
  const signed = kind === 'difference' || kind === 'surface';
  const cell = ({ shown }: TechniqueView) => text(estimate(shown), interval, signed, explain);
  if (kind !== 'difference') return { header: short, cell };
  const marked = (view: TechniqueView) => (view.isBaseline ? '  baseline' : `${marks[view.standing]}${cell(view)}`);
  return { header: `  ${short}`, cell: marked };
}

function text(estimate: Estimate | null, interval: boolean, signed: boolean, explain: Explain): string {
  if (estimate === null) return absent;
  if (!isDefined(estimate)) return explain(estimate.undefined);
  return interval ? formatEstimate(estimate, { signed }) : formatValue(estimate.value, { signed });
}
