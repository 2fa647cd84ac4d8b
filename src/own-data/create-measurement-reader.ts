import { describe } from '../core/errors.ts';
import { cellAt, pathOf } from './column-path.ts';
import { readTruth } from './read-truth.ts';
import { RowFault } from './row-fault.ts';

/** Reads the measurements of rows, and learns what they are called on the way. */
export interface MeasurementReader {
  /**
   * The measurements of a row; where lists differ in length, later rows may have more.
   * @throws RowFault naming the measurement that is none.
   */
  read(cells: unknown): (boolean | null)[];
  /** Names of the measurements of all rows read so far. */
  names(): readonly string[];
}

/** More in one row are taken for a mistake. */
const maxMeasurements = 1000;

/**
 * Measurements in named columns, or in one that holds a list (`[true, null]`, in text also `1;0` or Python's), a mapping of
 * names, or a single truth value.
 * @param known names that there are to be, no others. @default learned from the rows
 */
export function createMeasurementReader(
  columns: readonly string[],
  known: readonly string[] | undefined,
): MeasurementReader {
  const [only] = columns;
  if (only === undefined) return { read: () => [], names: () => [] };
  return columns.length === 1 ? oneColumn(only, known) : namedColumns(columns);
}

function namedColumns(columns: readonly string[]): MeasurementReader {
  const paths = columns.map(pathOf);
  return {
    read: (cells) => paths.map((path, i) => truthOf(cellAt(cells, path), columns[i] as string)),
    names: () => columns,
  };
}

function oneColumn(column: string, known: readonly string[] | undefined): MeasurementReader {
  const path = pathOf(column);
  const keys = new Map(known?.map((name, i) => [name, i]));
  let shape: 'list' | 'mapping' | undefined;
  let longest = 0;
  const requireShape = (own: 'list' | 'mapping', row: readonly (boolean | null)[]) => {
    // Empty ones are either: some write [] for an empty mapping.
    if (row.every((value) => value === null)) return;
    shape ??= own;
    if (own !== shape) throw new RowFault(`"${column}" holds a ${own}, in earlier rows a ${shape}`);
  };
  const fromMapping = (cell: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(cell);
    const truths = names.map((name) => truthOf(cell[name], name));
    requireShape('mapping', truths);
    const unknown = names.filter((name) => !keys.has(name));
    if (known !== undefined && unknown.length > 0)
      throw new RowFault(`"${unknown[0]}" is no measurement that is known`);
    requireFew(column, keys.size + unknown.length);
    for (const name of unknown) keys.set(name, keys.size);
    const row: (boolean | null)[] = new Array(keys.size).fill(null);
    for (const [i, name] of names.entries()) row[keys.get(name) as number] = truths[i] as boolean | null;
    return row;
  };
  return {
    read(cells) {
      const cell = cellAt(cells, path);
      const mapping = mappingOf(cell);
      if (mapping !== undefined) return fromMapping(mapping);
      const list = listOf(cell);
      if (list === undefined) return [];
      requireFew(column, list.length, known?.length);
      const row = list.map((value) => truthOf(value, column));
      requireShape('list', row);
      longest = Math.max(longest, row.length);
      return row;
    },
    names: () => known ?? (shape === 'mapping' || longest === 0 ? [...keys.keys()] : namesOf(column, longest)),
  };
}

function namesOf(column: string, count: number): string[] {
  return count === 1 ? [column] : Array.from({ length: count }, (_, i) => `${column} ${i + 1}`);
}

function requireFew(column: string, count: number, most = maxMeasurements): void {
  if (count > most) throw new RowFault(`"${column}" holds ${count} measurements, more than ${most}`);
}

/** The values of a list, which text may hold; undefined where nothing is. */
function listOf(cell: unknown): readonly unknown[] | undefined {
  if (Array.isArray(cell)) return cell;
  if (cell === null || cell === undefined || cell === '') return undefined;
  if (typeof cell !== 'string') return [cell];
  const inner = cell
    .trim()
    .replace(/^[[(](.*)[\])]$/su, '$1')
    .trim();
  if (inner === '') return cell.trim() === '' ? undefined : [];
  const parts = /[,;|]/.test(inner) ? inner.split(/[,;|]/) : inner.split(/\s+/);
  return parts.map((part) => part.trim().replace(/^(["'])(.*)\1$/su, '$2'));
}

function truthOf(value: unknown, name: string): boolean | null {
  const truth = readTruth(value);
  if (truth !== undefined) return truth;
  const isNumber = typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value)));
  const next = isNumber ? ': put true where it is high enough to count, e.g. at least 0.5, else false' : '';
  throw new RowFault(`measurement "${name}" is ${describe(value)}, not true or false${next}`);
}

function mappingOf(cell: unknown): Readonly<Record<string, unknown>> | undefined {
  const value = typeof cell === 'string' && cell.trimStart().startsWith('{') ? parsedOr(cell) : cell;
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return isMapping ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
