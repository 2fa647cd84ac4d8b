import { z } from 'zod';
import { reportFault as fault, requireFewTests } from './reported-test.ts';

/**
 * A part of a JSON report in the shape that its format has.
 * @param place where the part stands in the report; empty for all of it
 * @throws UserError (`invalid-report`) naming the file and the first place that is wrong.
 */
export function parseReport<T>(schema: z.ZodType<T>, content: unknown, path: string, place = ''): T {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path: keys = [], message = '' } = parsed.error.issues[0] ?? {};
  const thing = [place, ...keys].filter((key) => key !== '').join('.');
  const next = 'Make the report again, or say its format in results.';
  throw fault(`"${thing}" in ${path}`, 'as the format has it', new Error(message), next);
}

/** The entries of a list one by one, so that a list of a million wrong ones costs no more than its first. */
export function parseEach<T>(schema: z.ZodType<T>, list: readonly unknown[], path: string, place: string): T[] {
  requireFewTests(list.length, path);
  return list.map((entry, i) => parseReport(schema, entry, path, `${place}.${i}`));
}

/** A list whose entries {@link parseEach} looks at; zod's own would copy it first. */
export const anyList = z.custom<readonly unknown[]>(Array.isArray, 'Expected a list');
