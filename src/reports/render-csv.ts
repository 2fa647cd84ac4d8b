import { isDefined } from '../core/estimates.ts';
import type { Result, RunRecord } from '../core/records.ts';

type Cell = string | number | boolean | undefined;

/** Column names with their values, in order; the header never changes with the data. */
const columns: readonly (readonly [name: string, cell: (result: Result) => Cell])[] = [
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
  ['point', ({ point }) => point],
];

/**
 * The record's flat results as CSV (RFC 4180, UTF-8, full precision). A text that a spreadsheet would run as a formula
 * gets an apostrophe in front; numbers are left as they are.
 */
export function renderCsv({ results }: RunRecord): string {
  const lines = results.map((result) => columns.map(([, cell]) => quote(cell(result))).join(','));
  return `${[columns.map(([name]) => name).join(','), ...lines].join('\r\n')}\r\n`;
}

function quote(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
