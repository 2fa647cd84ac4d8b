import { basename } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { scanRows } from '../../data-files/scan-rows.ts';
import { dataFilesAt } from '../../own-data/data-files-at.ts';

/** Columns as a config maps them. */
type Columns = Readonly<Record<string, string>>;

/** Keys of a config's `columns`, each with the name that a column has where no config says another. */
const standard = {
  id: 'id',
  text: 'text',
  messages: 'messages',
  measurements: 'measurements',
  trusted: 'trusted',
  groundTruth: 'ground_truth',
  group: 'group',
} as const;

/** Rows of JSON need not have all columns: those of trust may begin late. */
const rowsSeen = 10_000;

/**
 * The columns of standard names that the first rows of some data have.
 * @throws UserError (`no-config`) when there is no text or no measurement among them, naming the columns that there are;
 * `no-such-data` when there is no file of data.
 */
export async function standardColumns(path: string): Promise<Columns> {
  const names = await namesIn(path);
  const has = (key: keyof typeof standard) => names.has(standard[key]);
  if ((has('text') || has('messages')) && has('measurements')) {
    // Text is what a model reads where rows have both.
    const keys = (Object.keys(standard) as (keyof typeof standard)[]).filter((key) => {
      return has(key) && !(key === 'messages' && has('text'));
    });
    return Object.fromEntries(keys.map((key) => [key, standard[key]]));
  }
  const found = [...names].slice(0, 30).join(', ') || 'none';
  const message = `Expected ${basename(path)} to have the columns text (or messages) and measurements, since there is no config for it, got ${found}.`;
  throw new UserError(
    'no-config',
    `${message} Run "touchstone init ${path}", which writes one to say which column is what.`,
  );
}

async function namesIn(path: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const [file] = dataFilesAt(path) as readonly [string];
  let rows = 0;
  for await (const row of scanRows(file)) {
    if ('cells' in row && typeof row.cells === 'object' && row.cells !== null) {
      for (const name of row.columns ?? Object.keys(row.cells)) names.add(name);
    }
    if (++rows >= rowsSeen) break;
  }
  return names;
}
