import { cut, printable, textWidth } from './text-width.ts';

/** Columns of a head and cells beside the names of the rows, in as many blocks below one another as the width asks for. */
export function gridLines(names: readonly string[], columns: readonly (readonly string[])[], width: number): string[] {
  const shown = names.map(printable);
  const wanted = columns.map((cells) => ({ cells, width: widest(cells) }));
  const own = Math.min(widest(shown), Math.max(10, width - (wanted[0]?.width ?? 0) - 2));
  const lines: string[] = [];
  for (let from = 0; from < wanted.length; ) {
    const block = fitting(wanted.slice(from), width - own);
    const row = (name: string, i: number) => [
      pad(name, own),
      ...block.map((column) => pad(column.cells[i] as string, column.width)),
    ];
    lines.push(...(from > 0 ? [''] : []), ...shown.map((name, i) => cut(row(name, i).join('  ').trimEnd(), width)));
    from += block.length;
  }
  return lines;
}

interface Column {
  readonly cells: readonly string[];
  readonly width: number;
}

/** As many of the columns, at least one, as there is room for. */
function fitting(columns: readonly Column[], room: number): readonly Column[] {
  let used = 0;
  const end = columns.findIndex((column) => {
    used += 2 + column.width;
    return used > room;
  });
  return end === -1 ? columns : columns.slice(0, Math.max(1, end));
}

function widest(cells: readonly string[]): number {
  return Math.max(...cells.map(textWidth));
}

function pad(text: string, width: number): string {
  const kept = cut(text, width);
  return kept + ' '.repeat(width - textWidth(kept));
}
