/** What a cell of CSV may hold; `null` and `undefined` are empty. */
export type CsvCell = string | number | boolean | null | undefined;

/**
 * A line of CSV with its end (RFC 4180, full precision), e.g. `a,"b, c",0.5\r\n`. A text that a spreadsheet would run as a
 * formula (it begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or an end of line) gets an apostrophe in front; numbers are left as they
 * are. A text that has apostrophes before such a sign gets one more, so that {@link withoutApostrophe} gives back every text.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

/** The text that {@link csvLine} was given, from its cell. */
export function withoutApostrophe(cell: string): string {
  return /^'+[=+\-@＝＋－＠\t\r\n]/.test(cell) ? cell.slice(1) : cell;
}

function quote(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell === undefined || cell === null ? '' : String(cell);
  const text = /^'*[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
