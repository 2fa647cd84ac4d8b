import { relative } from 'node:path';
import { TouchstoneError } from '../../core/errors.ts';
import type { RejectedRow } from '../../core/own-data.ts';
import { examplesOfTests, type NamedTest, namedTest } from './example-of-test.ts';
import { findReports, type ReportFile } from './find-reports.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import { readReport } from './read-report.ts';
import type { TestReportConfig } from './test-reports-config.ts';

/** Test results of many examples, as measurements. */
export interface TestReports {
  /** In the order in which tests first occur, files in the order of their paths. */
  readonly measurementNames: readonly string[];
  /** Examples that reports speak of, in that order too. */
  readonly ids: readonly string[];
  /** Reports read, unreadable ones among them. */
  readonly files: number;
  /** Tests that neither passed nor failed for any example, which are no measurements. */
  readonly alwaysSkipped: number;
  /** Tests that name no example. */
  readonly nameless: number;
  /** Reports that cannot be read. */
  readonly rejected: readonly RejectedRow[];
  /** One per measurement, null where a test was skipped, is to do, or was not run; all null where no report speaks of `id`. */
  measurementsOf(id: string): readonly (boolean | null)[];
}

/**
 * Reads test reports. With `tests: 'named'` each test is a measurement of its name; with `'all'` there is one, whether all
 * tests that the example's reports tell of passed, null where they tell of none. A test that occurs several times for one
 * example passed if it did each time, as continuous integration has it; with `repeated: 'last'` the last time in a report counts.
 * Reports are read one after another and not kept.
 *
 * @param baseDirectory what relative paths start from
 * @throws UserError when no report is there (`no-reports`) or none can be read, the tests have more than 1,000 names
 *   (`too-many-tests`), or two entries give measurements of one name (`same-measurement`).
 */
export async function readTestReports(
  configs: readonly TestReportConfig[],
  baseDirectory: string,
): Promise<TestReports> {
  const outcomes = createOutcomes();
  const rejected: RejectedRow[] = [];
  let files = 0;
  for (const [entry, config] of configs.entries()) {
    const found = await findReports(config.path, baseDirectory);
    files += found.length;
    const faults = await readEntry(entry, config, found, outcomes);
    if (faults.length === found.length) throw (faults[0] as Fault).error;
    rejected.push(...faults.map((fault) => rejectedRow(fault, baseDirectory)));
  }
  return { ...outcomes.measured(), ids: outcomes.ids, files, nameless: outcomes.nameless(), rejected };
}

interface Fault {
  readonly path: string;
  readonly error: TouchstoneError;
}

async function readEntry(
  entry: number,
  config: TestReportConfig,
  found: readonly ReportFile[],
  outcomes: Outcomes,
): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const { path, id } of found) {
    const tests = await testsIn(path, id, config).catch((error: unknown) => {
      if (!(error instanceof TouchstoneError)) throw error;
      faults.push({ path, error });
    });
    if (!tests) continue;
    // An example whose report holds no test is one that a report speaks of all the same.
    if (id !== undefined) outcomes.see(id);
    for (const test of tests) outcomes.add(test, entry, config);
  }
  return faults;
}

/** The tests of a report, each with its example; undefined for one that names none. */
async function testsIn(path: string, id: string | undefined, config: TestReportConfig) {
  const tests = await readReport(path, config.format);
  const named =
    id === undefined ? examplesOfTests(tests, config.id as string, path) : tests.map((test) => namedTest(id, test));
  return config.repeated === 'last' ? lastOfEach(named) : named;
}

function lastOfEach(tests: readonly (NamedTest | undefined)[]): (NamedTest | undefined)[] {
  const last = new Map(tests.map((test, i) => [test && JSON.stringify([test.id, test.name]), i]));
  return tests.filter((test, i) => test === undefined || last.get(JSON.stringify([test.id, test.name])) === i);
}

function rejectedRow({ path, error }: Fault, baseDirectory: string): RejectedRow {
  const line = /\bline (\d+) of /.exec(error.message)?.[1];
  return { file: relative(baseDirectory, path), line: Number(line ?? 1), reason: error.message, raw: '' };
}
