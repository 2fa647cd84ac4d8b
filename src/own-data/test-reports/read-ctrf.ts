import { z } from 'zod';
import { anyList, parseEach, parseReport } from './parse-report.ts';
import { propertyText, type ReportedTest } from './reported-test.ts';

const plain = z.record(z.string(), z.unknown());

const report = z.looseObject({ results: z.looseObject({ tests: anyList }) });
const test = z.looseObject({
  name: z.string(),
  status: z.string(),
  suite: z.union([z.string(), z.array(z.string())]).optional(),
  labels: plain.optional(),
  extra: plain.optional(),
});

/**
 * Tests of a report in the Common Test Report Format (https://ctrf.io). Of the statuses, `passed` and `failed` count; a
 * property is a label, or a key of `extra`. With retries, a test's status is that of its last run.
 * @throws UserError (`invalid-report`) naming the file and what in it is wrong.
 */
export function readCtrf(content: unknown, path: string): readonly ReportedTest[] {
  const { tests } = parseReport(report, content, path).results;
  return parseEach(test, tests, path, 'results.tests').map(({ name, status, suite = [], labels, extra }) => {
    const suites = typeof suite === 'string' ? [suite] : suite;
    return {
      parts: [...suites, name],
      suite: suites.at(-1),
      passed: status === 'passed' ? true : status === 'failed' ? false : null,
      property: (key) => propertyText(labels?.[key] ?? extra?.[key]),
    };
  });
}
