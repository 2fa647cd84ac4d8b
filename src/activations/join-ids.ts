import { describe, expected } from '../core/errors.ts';

/** Where each id stands, made once for many joins. */
export interface IdIndex {
  /** The first row of each id. */
  readonly rows: ReadonlyMap<string, number>;
  /** Ids of several rows. */
  readonly repeated: ReadonlySet<string>;
}

/** @param ids the id of each row. */
export function indexIds(ids: readonly string[]): IdIndex {
  const rows = new Map<string, number>();
  const repeated = new Set<string>();
  ids.forEach((id, row) => {
    if (rows.has(id)) repeated.add(id);
    else rows.set(id, row);
  });
  return { rows, repeated };
}

/**
 * The row of each wanted example id.
 * @param thing what the rows belong to, as errors call it.
 * @throws UserError that counts and names the ids that no row has, that several rows have, or that are wanted twice.
 */
export function joinIds({ rows, repeated }: IdIndex, wanted: readonly string[], thing: string): Uint32Array {
  const unique = [...new Set(wanted)];
  const problems = [
    problem(
      'missing',
      unique.filter((id) => !rows.has(id)),
    ),
    problem(
      'in several rows',
      unique.filter((id) => repeated.has(id)),
    ),
    problem('asked for more than once', unique.length < wanted.length ? repeatedOf(wanted) : []),
  ].filter((text) => text !== '');
  if (problems.length === 0) return Uint32Array.from(wanted, (id) => rows.get(id) as number);
  throw expected(
    'unmatched-ids',
    `the example ids of ${thing}`,
    `one row for each of the ${wanted.length} examples asked for`,
    new Error(problems.join('; ')),
    'Check that both were made from the same dataset.',
  );
}

const named = 5;

/** `2 missing ("a", "b")`, or nothing. */
function problem(what: string, ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const names = ids.slice(0, named).map((id) => describe(id.length > 20 ? `${id.slice(0, 19)}…` : id));
  return `${ids.length} ${what} (${names.join(', ')}${ids.length > named ? ', …' : ''})`;
}

function repeatedOf(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(ids.filter((id) => seen.size === seen.add(id).size))];
}
