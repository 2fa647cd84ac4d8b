import { z } from 'zod';
import { anyList, parseEach, parseReport } from './parse-report.ts';
import { propertyText, type ReportedTest, requireFewTests } from './reported-test.ts';

const report = z.looseObject({ testResults: anyList });
const fileResult = z.looseObject({
  name: z.string(),
  status: z.string().optional(),
  assertionResults: anyList,
});
const assertion = z.looseObject({
  ancestorTitles: z.array(z.string()).default([]),
  title: z.string(),
  status: z.string(),
  meta: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Tests of a JSON report by Jest (`--json`) or Vitest (`--reporter=json`). Of the statuses, `passed` and `failed` count. A
 * file that failed although none of its tests did, since it could not be loaded, is a failed test of the file's name. Files
 * are called by their names without folders, which differ from machine to machine, or with as many folders as tell those of
 * one report apart. A property is a key of `meta`.
 * @throws UserError (`invalid-report`) naming the file and what in it is wrong.
 */
export function readJest(content: unknown, path: string): readonly ReportedTest[] {
  const { testResults } = parseReport(report, content, path);
  const files = parseEach(fileResult, testResults, path, 'testResults');
  requireFewTests(
    files.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0),
    path,
  );
  const names = shortNames(files.map(({ name }) => name));
  return files.flatMap((file, i) => {
    const place = `testResults.${i}.assertionResults`;
    const tests = parseEach(assertion, file.assertionResults, path, place);
    return testsOf(tests, names.get(file.name) as string, file.status === 'failed');
  });
}

function testsOf(assertions: readonly z.output<typeof assertion>[], file: string, failed: boolean): ReportedTest[] {
  const tests = assertions.map(({ ancestorTitles, title, status, meta }) => ({
    parts: [file, ...ancestorTitles, title],
    suite: ancestorTitles.at(-1) ?? file,
    passed: status === 'passed' ? true : status === 'failed' ? false : null,
    property: (key: string) => propertyText(meta?.[key]),
  }));
  const lost = failed && tests.every(({ passed }) => passed !== false);
  return lost ? [...tests, { parts: [file], suite: file, passed: false, property: () => undefined }] : tests;
}

/** The fewest last parts of each path that no other path ends with. */
function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const split = new Map(paths.map((path) => [path, path.split(/[\\/]/)]));
  const endings = new Map<string, number>();
  for (const parts of split.values()) {
    for (let count = 1; count <= parts.length; count++) {
      const ending = parts.slice(-count).join('/');
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
  }
  return new Map([...split].map(([path, parts]) => [path, shortest(parts, endings)]));
}

function shortest(parts: readonly string[], endings: ReadonlyMap<string, number>): string {
  for (let count = 1; count < parts.length; count++) {
    const ending = parts.slice(-count).join('/');
    if (endings.get(ending) === 1) return ending;
  }
  return parts.join('/');
}
