import { scanRows } from '../data-files/scan-rows.ts';
import { dataFilesAt } from './data-files-at.ts';
import { mayBeGroundTruth } from './may-be-ground-truth.ts';
import { readTruth } from './read-truth.ts';

/** What stands in one column of the first rows of some data. */
export interface ColumnSurvey {
  /** Name, dotted for a cell within a cell. */
  readonly name: string;
  /** The column that it stands within. */
  readonly within: string | undefined;
  /** Rows in which it holds something. */
  readonly present: number;
  /** Of those, how many hold a truth value, which 0, 1 and words such as `passed` may be. */
  readonly truths: number;
  /** Whether both true and false occur. */
  readonly varies: boolean;
  /** How many hold cells of their own, which are columns too. */
  readonly mappings: number;
  /** How many hold a list or mapping of truth values. */
  readonly truthLists: number;
  /** How many hold chat messages. */
  readonly chats: number;
  /** How many hold text that is no truth value, and its mean length. */
  readonly texts: number;
  readonly meanLength: number;
  /** How many hold something that could be a name: text or a number. */
  readonly names: number;
  /** Different values, up to a thousand, each at most 100 characters. */
  readonly values: ReadonlySet<string>;
}

export interface DataSurvey {
  readonly rows: number;
  /** Rows that cannot be read. */
  readonly faults: number;
  readonly columns: readonly ColumnSurvey[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Tally = Mutable<Omit<ColumnSurvey, 'varies' | 'values'>> & { values: Set<string>; seen: Set<boolean> };

/**
 * Looks at the first rows of some data; of a directory, at its first file.
 * @throws UserError `no-such-data` when there is none; as reading does besides.
 */
export async function surveyColumns(path: string, limit = 1000): Promise<DataSurvey> {
  const [file] = dataFilesAt(path) as readonly [string];
  const tallies = new Map<string, Tally>();
  let [rows, faults] = [0, 0];
  for await (const row of scanRows(file)) {
    if ('fault' in row) faults++;
    else for (const [name, cell, within] of cellsIn(row.cells)) count(tallyOf(tallies, name, within), cell);
    if (++rows >= limit) break;
  }
  const columns = [...tallies.values()].map(({ seen, ...tally }) => {
    return { ...tally, varies: seen.size === 2, meanLength: tally.meanLength / Math.max(1, tally.texts) };
  });
  return { rows, faults, columns };
}

type NamedCell = readonly [name: string, cell: unknown, within?: string];

/** Cells by name, and those within a cell by dotted name. */
function cellsIn(cells: unknown): NamedCell[] {
  if (!isObject(cells)) return [];
  return Object.entries(cells).flatMap(([key, cell]) => {
    const inner = hasCells(cell) ? Object.entries(cell) : [];
    return [[key, cell] as NamedCell, ...inner.map(([part, value]): NamedCell => [`${key}.${part}`, value, key])];
  });
}

function hasCells(cell: unknown): cell is Readonly<Record<string, unknown>> {
  return isObject(cell) && !(cell instanceof Date) && !ArrayBuffer.isView(cell);
}

function tallyOf(tallies: Map<string, Tally>, name: string, within: string | undefined): Tally {
  const known = tallies.get(name);
  if (known !== undefined) return known;
  const counts = { present: 0, truths: 0, mappings: 0, truthLists: 0, chats: 0, texts: 0, meanLength: 0, names: 0 };
  const fresh = { name, within, ...counts, values: new Set<string>(), seen: new Set<boolean>() };
  tallies.set(name, fresh);
  return fresh;
}

function count(tally: Tally, cell: unknown): void {
  if (cell === null || cell === undefined || cell === '') return;
  tally.present++;
  if (hasCells(cell)) tally.mappings++;
  const truth = readTruth(cell);
  if (truth !== undefined) {
    tally.truths++;
    if (truth !== null) tally.seen.add(truth);
  } else if (isChat(parsed(cell))) tally.chats++;
  else if (truthsIn(parsed(cell)) !== undefined)
    tally.truthLists += Number(typeof cell !== 'string' || !isSecret(cell));
  else if (typeof cell === 'string') {
    tally.texts++;
    tally.meanLength += cell.length;
  }
  if (typeof cell === 'object') return;
  tally.names++;
  if (tally.values.size < 1000) tally.values.add(String(cell).slice(0, 100));
}

function parsed(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^\s*[[{]/.test(cell)) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

function isChat(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((part) => isObject(part) && typeof part.role === 'string')
  );
}

/** Whether a mapping in text, whose parts cannot be told apart by name, may hold ground truth. */
function isSecret(cell: string): boolean {
  const value = parsed(cell);
  return isObject(value) && Object.keys(value).some(mayBeGroundTruth);
}

/** The truth values of a list or mapping that holds nothing else. */
function truthsIn(value: unknown): readonly (boolean | null)[] | undefined {
  const parts: unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  const truths = parts.map(readTruth);
  const isList = truths.some((truth) => typeof truth === 'boolean') && !truths.includes(undefined);
  return isList ? (truths as (boolean | null)[]) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
