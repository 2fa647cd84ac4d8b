import { expected } from '../../core/errors.ts';

/** One test of a report, whatever its format. */
export interface ReportedTest {
  /** What makes up its full name, from the outermost (file, class or suite) to its own name; at least one. */
  readonly parts: readonly string[];
  /** The innermost suite around it. */
  readonly suite: string | undefined;
  /** Null where it was skipped, is to do, or neither passed nor failed. */
  readonly passed: boolean | null;
  /** A property that the report gives to it, or else to what is around it. */
  property(name: string): string | undefined;
}

/** A fault of a report. */
export function reportFault(thing: string, wanted: string, got: unknown, next = 'Make the report again.') {
  return expected('invalid-report', thing, wanted, got, next);
}

/** A property's value as text; undefined for what can name no example. */
export function propertyText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** So many are 100 MB in memory. */
const mostTests = 200_000;

/** @throws UserError (`invalid-report`) where a report holds more tests than can be kept. */
export function requireFewTests(count: number, path: string): void {
  if (count <= mostTests) return;
  throw reportFault(`the tests in ${path}`, `at most ${mostTests}`, 'more', 'Write a report for each example.');
}
