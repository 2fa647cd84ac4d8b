import { z } from 'zod';
import { anyList, parseEach, parseReport } from './parse-report.ts';
import { propertyText, type ReportedTest, requireFewTests } from './reported-test.ts';

const property = z.union([z.tuple([z.string(), z.unknown()]), z.record(z.string(), z.unknown())]);
const report = z.looseObject({ collectors: anyList.default([]), tests: anyList });
const collector = z.looseObject({ nodeid: z.string(), outcome: z.string() });
const test = collector.extend({ user_properties: z.array(property).default([]) });
const logLine = z.looseObject({
  $report_type: z.string(),
  nodeid: z.string().default(''),
  outcome: z.string().default(''),
  user_properties: z.array(property).default([]),
});

/**
 * Tests of a report by pytest-json-report. An error in setup or teardown fails a test; `xfailed` counts as skipped and
 * `xpassed` as passed, as in pytest's own JUnit XML. What could not be collected is a failed test of its name.
 * @throws UserError (`invalid-report`) naming the file and what in it is wrong.
 */
export function readPytest(content: unknown, path: string): readonly ReportedTest[] {
  const { collectors, tests } = parseReport(report, content, path);
  const lost = parseEach(collector, collectors, path, 'collectors').filter(({ outcome }) => outcome === 'failed');
  return [
    ...lost.map(({ nodeid }) => reported(nodeid, false)),
    ...parseEach(test, tests, path, 'tests').map(({ nodeid, outcome, user_properties }) =>
      reported(nodeid, passedOf(outcome), user_properties),
    ),
  ];
}

/**
 * Tests of a log by pytest-reportlog, whose lines tell of setup, call and teardown each: one that fails fails the test.
 * @param lines parsed
 * @throws UserError (`invalid-report`) naming the file and what in it is wrong.
 */
export function readPytestLog(lines: readonly unknown[], path: string): readonly ReportedTest[] {
  const phases = new Map<string, { passed: boolean | null; properties: z.output<typeof property>[] }>();
  for (const [i, line] of lines.entries()) {
    const { $report_type: type, nodeid, outcome, user_properties } = parseReport(logLine, line, path, `line ${i + 1}`);
    const lost = type === 'CollectReport' && outcome === 'failed';
    // A failure that was run again is settled by the last run.
    if ((type !== 'TestReport' && !lost) || outcome === 'rerun') continue;
    const before = phases.get(nodeid) ?? { passed: true, properties: [] };
    const passed = before.passed === true ? passedOf(outcome) : passedOf(outcome) === false ? false : before.passed;
    requireFewTests(phases.size, path);
    phases.set(nodeid, { passed, properties: [...before.properties, ...user_properties] });
  }
  return [...phases].map(([nodeid, { passed, properties }]) => reported(nodeid, passed, properties));
}

function passedOf(outcome: string): boolean | null {
  if (outcome === 'passed' || outcome === 'xpassed') return true;
  return outcome === 'failed' || outcome === 'error' ? false : null;
}

function reported(
  nodeid: string,
  passed: boolean | null,
  properties: readonly z.output<typeof property>[] = [],
): ReportedTest {
  const parts = partsOf(nodeid);
  const pairs = properties.flatMap((one) => (Array.isArray(one) ? [one] : Object.entries(one)));
  return {
    parts,
    suite: parts.at(-2),
    passed,
    property: (name) => propertyText(pairs.find(([key]) => key === name)?.[1]),
  };
}

/** `file::class::test[parameters]`; parameters may hold anything. */
function partsOf(nodeid: string): string[] {
  const bracket = nodeid.indexOf('[');
  const parts = (bracket < 0 ? nodeid : nodeid.slice(0, bracket)).split('::');
  return bracket < 0 ? parts : [...parts.slice(0, -1), `${parts.at(-1)}${nodeid.slice(bracket)}`];
}
