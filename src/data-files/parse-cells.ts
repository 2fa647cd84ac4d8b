import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import type { FileRow } from './read-rows.ts';

/**
 * The cells of a row in the shape of a schema.
 * @param wanted what a row is, e.g. `a quirky record`.
 * @throws UserError `bad-row` naming the file, the row (from 1) and every column that is not as it should be.
 */
export function parseCells<Shape extends z.ZodType>(
  schema: Shape,
  { file, number, cells }: FileRow,
  wanted: string,
  next: string,
): z.output<Shape> {
  const parsed = schema.safeParse(cells);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`);
  const got = problems.join('; ');
  throw new UserError('bad-row', `Expected row ${number} of ${file} to be ${wanted}, got ${got}. ${next}`);
}

const words: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/** A truth value as files have it: booleans in Parquet and JSON, 0 and 1 at times, words in CSV. */
export const bit = z.union([z.boolean(), z.number(), z.bigint(), z.string()]).transform((value, context) => {
  const known = words[String(value).toLowerCase()];
  if (known === undefined) context.addIssue({ code: 'custom', message: 'expected true or false, 1 or 0' });
  return known ?? false;
});

/** A number as files have it: text in CSV, 64-bit whole numbers in Parquet. */
export const quantity = z.union([z.number(), z.bigint(), z.string().trim().min(1)]).transform((value, context) => {
  const number = Number(value);
  if (!Number.isFinite(number)) context.addIssue({ code: 'custom', message: 'expected a number' });
  return number;
});
