import { addCells, type GatheredCells } from './add-cells.ts';
import { type Line, linesOf } from './lines-of.ts';

/** A record of CSV or TSV; one line, or several where a quoted cell has newlines. */
export interface SeparatedRecord {
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Its text as it stands in the file. */
  readonly raw: string;
  readonly cells: readonly string[];
  /** Cells in the file, of which no more are kept than the limit says. */
  readonly count: number;
  readonly fault?: string;
}

const maxCharacters = 2 ** 24;
const maxLines = 100_000;
const maxReread = 2 ** 28;

/**
 * Records in order, empty lines left out. A fault costs the record that has it, and a quote that never closes, or that
 * closes in a later line before other text, costs only the line that opens it: the lines after it are read anew.
 * @param limit how many cells to keep at most.
 * @throws Error when so many quotes do not close that reading would not end.
 */
export async function* separatedRecords(
  path: string,
  delimiter: string,
  limit: () => number,
): AsyncGenerator<SeparatedRecord> {
  const framing = createFraming(delimiter, limit);
  for await (const line of linesOf(path)) yield* framing.take(line);
  yield* framing.end();
}

interface OpenRecord {
  readonly lines: Line[];
  readonly cells: GatheredCells;
  characters: number;
}

function createFraming(delimiter: string, limit: () => number) {
  let open: OpenRecord | undefined;
  let reread = 0;
  const abandon = (record: OpenRecord, waiting: Line[], fault: string): SeparatedRecord => {
    const [first, ...rest] = record.lines as [Line, ...Line[]];
    reread += record.characters;
    if (reread > maxReread) throw new Error(`line ${first.number}: quotes that do not close, again and again`);
    for (const line of rest.reverse()) waiting.push(line);
    return { line: first.number, raw: first.text, cells: [], count: 0, fault };
  };
  function* take(line: Line): Generator<SeparatedRecord> {
    const waiting = [line];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const record = open ?? begun();
      open = undefined;
      if (record.lines.length === 0 && isEmpty(next)) continue;
      add(record, next, delimiter, limit());
      const { lines, cells, characters } = record;
      if (next.isCut || (cells.open === undefined && (cells.fault === undefined || lines.length === 1)))
        yield closed(record);
      else if (cells.open === undefined) yield abandon(record, waiting, 'a quote that does not close as it should');
      else if (characters <= maxCharacters && lines.length <= maxLines) open = record;
      else yield abandon(record, waiting, 'a quote that does not close');
    }
  }
  function* end(): Generator<SeparatedRecord> {
    while (open !== undefined) {
      const waiting: Line[] = [];
      const record = abandon(open, waiting, 'a quote that does not close');
      open = undefined;
      yield record;
      for (const line of waiting.reverse()) yield* take(line);
    }
  }
  return { take, end };
}

function begun(): OpenRecord {
  return { lines: [], cells: { cells: [], count: 0, open: undefined, fault: undefined }, characters: 0 };
}

function isEmpty({ text, fault }: Line): boolean {
  return fault === undefined && (text === '' || text === '\r');
}

function add(record: OpenRecord, line: Line, delimiter: string, limit: number): void {
  record.lines.push(line);
  record.characters += line.text.length + 1;
  addCells(record.cells, line.text, delimiter, limit);
}

function closed({ lines, cells: { cells, count, fault } }: OpenRecord): SeparatedRecord {
  const [first] = lines as [Line];
  const bad = lines.find((line) => line.fault !== undefined)?.fault ?? fault;
  const raw = lines.length === 1 ? first.text : lines.map(({ text }) => text).join('\n');
  return { line: first.number, raw, cells, count, ...(bad !== undefined && { fault: bad }) };
}
