import { runInNewContext } from 'node:vm';
import { reportFault as fault, type ReportedTest } from './reported-test.ts';

/** A test with the example that it is about. */
export interface NamedTest {
  readonly id: string;
  /** Its full name without the example's. */
  readonly name: string;
  readonly passed: boolean | null;
}

/** Longer names are cut, so that no regular expression has much to try. */
const longestName = 1000;
/** Milliseconds that an expression may take over all tests of a report. */
const longestMatching = 2000;

/**
 * The example of each test of one report, by the rule in `id` of the config; undefined where a test names none. What names
 * the example is taken out of the test's name (`{id}` stands in its place after a regular expression), so that tests of
 * different examples can be the same measurement.
 * @throws UserError (`invalid-report`) when a regular expression takes too long.
 */
export function examplesOfTests(
  tests: readonly ReportedTest[],
  rule: string,
  path: string,
): readonly (NamedTest | undefined)[] {
  if (rule === 'suite') return tests.map((test) => byText(test.suite, test));
  if (rule === 'name-prefix') return tests.map(byPrefix);
  const property = /^property:(.+)/s.exec(rule)?.[1];
  if (property !== undefined) return tests.map((test) => byText(test.property(property), test));
  return byExpression(tests, rule, path);
}

function fullName(parts: readonly string[]): string {
  return parts.join('::').slice(0, longestName);
}

/** A test of the example `id`, whose id is no part of its name. */
export function namedTest(id: string, { parts, passed }: ReportedTest): NamedTest {
  const left = parts.filter((part) => part !== id);
  return { id, name: fullName(left.length > 0 ? left : parts.slice(-1)), passed };
}

function byText(id: string | undefined, test: ReportedTest): NamedTest | undefined {
  return id === undefined || id === '' ? undefined : namedTest(id, test);
}

/** `task-7: adds numbers`, `task-7 > adds numbers` … */
function byPrefix(test: ReportedTest): NamedTest | undefined {
  const own = (test.parts.at(-1) as string).slice(0, longestName);
  const id = /^[^\s:>|]+/.exec(own)?.[0];
  if (id === undefined) return undefined;
  const rest = own.slice(id.length).replace(/^[\s:>|]+/, '');
  return namedTest(id, { ...test, parts: [...test.parts.slice(0, -1), rest === '' ? id : rest] });
}

type Match = readonly [id: string, start: number, end: number] | null;

const matching = `JSON.stringify(JSON.parse(names).map((name) => {
  const match = new RegExp(source, 'du').exec(name);
  return match?.groups.id ? [match.groups.id, ...match.indices.groups.id] : null;
}))`;

/** In a context of its own for the sake of its time limit: names come from whoever wrote the tests. */
function byExpression(tests: readonly ReportedTest[], source: string, path: string) {
  const names = tests.map(({ parts }) => fullName(parts));
  const matches = matchAll(names, source, path);
  return tests.map(({ passed }, i) => {
    const match = matches[i];
    if (!match) return undefined;
    const [id, start, end] = match;
    const name = names[i] as string;
    return { id, name: `${name.slice(0, start)}{id}${name.slice(end)}`, passed };
  });
}

function matchAll(names: readonly string[], source: string, path: string): readonly Match[] {
  try {
    const found = runInNewContext(matching, { names: JSON.stringify(names), source }, { timeout: longestMatching });
    return JSON.parse(found as string) as readonly Match[];
  } catch (error) {
    const next = 'Make the expression simpler: nested repetitions such as (a+)+ take forever.';
    throw fault(`matching ${source} on the tests of ${path}`, 'done within 2 seconds', error, next);
  }
}
