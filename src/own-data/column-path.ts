/** The keys that lead to a cell; a whole name that is a column of its own comes before its parts. */
export type ColumnPath = readonly string[];

/** A column as a config names it: `score`, or `meta.source` for a cell within a cell. */
export function pathOf(name: string): ColumnPath {
  return name.includes('.') ? name.split('.') : [name];
}

/** The cell of a row; undefined where there is none. Keys that objects inherit are no cells. */
export function cellAt(cells: unknown, path: ColumnPath): unknown {
  const [first] = path;
  if (path.length === 1) return own(cells, first as string);
  const whole = own(cells, path.join('.'));
  return whole === undefined ? path.reduce(own, cells) : whole;
}

function own(cells: unknown, key: string): unknown {
  if (typeof cells !== 'object' || cells === null || !Object.hasOwn(cells, key)) return undefined;
  return (cells as Readonly<Record<string, unknown>>)[key];
}
