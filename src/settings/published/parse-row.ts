import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import type { Example } from '../../core/examples.ts';

/** An example as a file holds it, before it has an id and a place. */
export type Row = Omit<Example, 'id'> & {
  /** Of the diamonds: 2 = training templates, 3 = some held-out ones, 4 = held-out ones only. */
  readonly difficulty?: number;
};

// Parquet files hold booleans; JSON written by other tools has 0 and 1 instead, at times.
const bit = z.union([z.boolean(), z.literal(0), z.literal(1), z.literal(0n), z.literal(1n)]).transform(Boolean);
const bits = z.array(bit.nullable());

const columns = z.object({
  text: z.string().min(1),
  measurements: bits.min(1),
  is_correct: bit,
  is_clean: bit,
  difficulty: z.union([z.int(), z.bigint().transform(Number)]).nullish(),
  overall_tamper_evidence: bit.nullish(),
  individual_tamper_evidence: bits.nullish(),
});

/**
 * A row with the columns of the published datasets (methods.md 11.4): `text`, `measurements`, `is_correct` (ground
 * truth), `is_clean` (trusted), and where there are such `difficulty`, `overall_tamper_evidence` and
 * `individual_tamper_evidence`. Others are left alone.
 * @throws UserError `bad-row` naming the file, the row (from 1) and every column that is not as it should be.
 */
export function parseRow(row: unknown, file: string, number: number): Row {
  const parsed = columns.safeParse(row);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`);
    const next = 'Give the columns text, measurements, is_correct and is_clean.';
    throw new UserError(
      'bad-row',
      `Expected row ${number} of ${file} to be an example, got ${problems.join('; ')}. ${next}`,
    );
  }
  const { text, measurements, is_correct, is_clean, difficulty, overall_tamper_evidence, individual_tamper_evidence } =
    parsed.data;
  const overall = overall_tamper_evidence ?? undefined;
  const individual = individual_tamper_evidence ?? measurements.map(() => null);
  return {
    text,
    measurements,
    trusted: is_clean,
    groundTruth: is_correct,
    ...(overall !== undefined && { tamperEvidence: { overall, individual } }),
    ...(difficulty != null && { difficulty }),
  };
}
