import { z } from 'zod';

/** The formats of test reports that can be read. */
const reportFormats = ['junit', 'ctrf', 'vitest', 'jest', 'pytest'] as const;

const ownIds = ['suite', 'name-prefix'];

const testReport = z
  .strictObject({
    format: z
      .enum(['auto', ...reportFormats])
      .default('auto')
      .describe('JUnit XML, CTRF, JSON of Vitest, Jest or pytest; auto = what the file looks like.'),
    path: z
      .string()
      .min(1)
      .describe(
        'A file, or with {id} one report or several per example, e.g. runs/{id}/junit.xml; * stands for any name.',
      ),
    id: z
      .string()
      .superRefine((text, context) => {
        const fault = idFault(text);
        if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
      })
      .optional()
      .describe(
        'Where one report speaks of many examples, what names the example of a test: suite (the innermost around it), property:<name>, name-prefix (up to the first colon or space), or a regular expression on its full name with a group (?<id>…).',
      ),
    tests: z
      .enum(['named', 'all'])
      .default('named')
      .describe('named = a measurement for each test by name; all = one measurement: all tests of the example passed.'),
    repeated: z
      .enum(['all', 'last'])
      .default('all')
      .describe(
        'A test that a report tells of several times for one example passes if it did each time, or the last time.',
      ),
    name: z.string().min(1).optional().describe('Stands before the names of these measurements.'),
  })
  .superRefine(({ path, id }, context) => {
    const inPath = path.includes('{id}');
    if (inPath === (id === undefined)) return;
    const message = inPath
      ? 'Expected {id} in path or an id, got both'
      : 'Expected {id} in path, or an id, got neither';
    context.addIssue({ code: 'custom', path: ['id'], message });
  });

/** Test reports whose outcomes are measurements. */
export const testReports = z.array(testReport);
export type TestReportConfig = z.output<typeof testReport>;

function idFault(text: string): string | undefined {
  if (ownIds.includes(text) || /^property:./.test(text)) return undefined;
  try {
    new RegExp(text, 'u');
  } catch (error) {
    return `Expected suite, property:<name>, name-prefix or a regular expression, got ${text}: ${(error as Error).message}`;
  }
  if (text.includes('(?<id>')) return undefined;
  return `Expected suite, property:<name>, name-prefix or a regular expression with a group (?<id>…), got ${text}`;
}
