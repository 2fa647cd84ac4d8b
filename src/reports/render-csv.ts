import { type CsvCell, csvLine } from '../core/csv-line.ts';
import { type Estimate, isDefined } from '../core/estimates.ts';
import type { InfeasibleCell, Result, RunRecord } from '../core/records.ts';
import { buildMatrix } from './view/build-matrix.ts';

/** A result with its rank in the matrix, where it has one. */
type Row = Result & { readonly rank?: number };

/** Column names with their values, in order; the header never changes with the data. */
const columns: readonly (readonly [name: string, cell: (row: Row) => CsvCell])[] = [
  ['setting', ({ setting }) => setting],
  ['model', ({ model }) => model],
  ['technique', ({ technique }) => technique],
  ['ceiling', ({ ceiling }) => ceiling],
  ['seed', ({ seed }) => seed],
  ['split', ({ split }) => split],
  ['metric', ({ metric }) => metric],
  ['head', ({ head }) => head],
  ['value', ({ estimate }) => (isDefined(estimate) ? estimate.value : undefined)],
  ['lower', ({ estimate }) => (isDefined(estimate) ? estimate.lower : undefined)],
  ['upper', ({ estimate }) => (isDefined(estimate) ? estimate.upper : undefined)],
  ['level', ({ estimate }) => (isDefined(estimate) ? estimate.level : undefined)],
  ['n', ({ estimate }) => (isDefined(estimate) ? estimate.n : undefined)],
  ['method', ({ estimate }) => (isDefined(estimate) ? estimate.method : undefined)],
  ['undefined', ({ estimate }) => (isDefined(estimate) ? undefined : estimate.undefined)],
  ['floor', ({ floor }) => floor],
  ['top', ({ top }) => top],
  ['p_value', ({ pValue }) => pValue],
  ['adjusted_p_value', ({ adjustedPValue }) => adjustedPValue],
  ['rank', ({ rank }) => rank],
  ['point', ({ point }) => point],
];

/**
 * The record's flat results as CSV (RFC 4180, UTF-8, full precision), with the rank of what the matrix of a run of several
 * settings ranks; then a row for each technique that could not run on a setting, with the reason and no metric. A text that
 * a spreadsheet would run as a formula gets an apostrophe in front; numbers are left as they are.
 */
export function renderCsv(record: RunRecord): string {
  const rankOf = ranksOf(record);
  const rows = record.results.map((result) => {
    const rank = rankOf.get(result.estimate);
    return columns.map(([, cell]) => cell(rank === undefined ? result : { ...result, rank }));
  });
  const lines = [columns.map(([name]) => name), ...rows, ...record.infeasible.map(infeasibleRow)];
  return lines.map(csvLine).join('');
}

/** By the estimate itself, which the matrix passes on unchanged. */
function ranksOf(record: RunRecord): Map<Estimate, number> {
  const rows = (buildMatrix(record)?.tables ?? []).flatMap(({ parts }) => parts.flatMap((part) => part.rows));
  const cells = rows.flatMap((row) => row.cells);
  return new Map(
    cells.flatMap((cell) =>
      cell !== null && 'estimate' in cell && cell.rank !== null ? [[cell.estimate, cell.rank] as const] : [],
    ),
  );
}

function infeasibleRow({ setting, technique, point, missing }: InfeasibleCell): CsvCell[] {
  const reason = `infeasible: the setting does not offer ${missing.join(', ')}`;
  const known: Readonly<Record<string, CsvCell>> = { setting, technique, point, undefined: reason };
  return columns.map(([name]) => known[name]);
}
