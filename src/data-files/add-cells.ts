/** The cells of a record of CSV or TSV, gathered line by line. */
export interface GatheredCells {
  readonly cells: string[];
  /** Cells so far; beyond a limit they are counted only. */
  count: number;
  /** The text so far of a quoted cell that goes on in the next line. */
  open: string | undefined;
  fault: string | undefined;
}

/** Adds the cells of one line; a quote within a cell that does not begin with one is text. */
export function addCells(into: GatheredCells, text: string, delimiter: string, limit: number): void {
  let at = into.open === undefined ? 0 : quotedCell(into, text, 0, delimiter, limit);
  while (at >= 0) {
    const isQuoted = text.charAt(at) === '"';
    at = isQuoted ? quotedCell(into, text, at + 1, delimiter, limit) : plainCell(into, text, at, delimiter, limit);
  }
}

/** Where the next cell begins; -1: nowhere. */
function plainCell(into: GatheredCells, text: string, at: number, delimiter: string, limit: number): number {
  const end = text.indexOf(delimiter, at);
  const cell = end < 0 ? text.slice(at, text.endsWith('\r') ? -1 : undefined) : text.slice(at, end);
  keep(into, cell, limit);
  return end < 0 ? -1 : end + 1;
}

function quotedCell(into: GatheredCells, text: string, from: number, delimiter: string, limit: number): number {
  let cell = into.open ?? '';
  into.open = undefined;
  let at = from;
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', at)) {
    cell += text.slice(at, quote);
    at = quote + 2;
    if (text.charAt(quote + 1) === '"') cell += '"';
    else {
      keep(into, cell, limit);
      return afterQuote(into, text, quote + 1, delimiter);
    }
  }
  into.open = `${cell}${text.slice(at)}\n`;
  return -1;
}

function afterQuote(into: GatheredCells, text: string, at: number, delimiter: string): number {
  if (at === text.length || (at === text.length - 1 && text.endsWith('\r'))) return -1;
  if (text.startsWith(delimiter, at)) return at + 1;
  into.fault ??= 'text after a closing quote';
  const end = text.indexOf(delimiter, at);
  return end < 0 ? -1 : end + 1;
}

function keep(into: GatheredCells, cell: string, limit: number): void {
  if (into.count++ < limit) into.cells.push(cell);
}
