import { z } from 'zod';
import type { Example } from '../../core/examples.ts';
import { bit, parseCells, quantity } from '../../data-files/parse-cells.ts';
import type { FileRow } from '../../data-files/read-rows.ts';

/** An example as a file holds it, before it has an id and a place. */
export type Row = Omit<Example, 'id'> & {
  /** Of the diamonds: 2 = training templates, 3 = some held-out ones, 4 = held-out ones only. */
  readonly difficulty?: number;
};

const bits = z.array(bit.nullable());

const columns = z.object({
  text: z.string().min(1),
  measurements: bits.min(1),
  is_correct: bit,
  is_clean: bit,
  difficulty: quantity.nullish(),
  overall_tamper_evidence: bit.nullish(),
  individual_tamper_evidence: bits.nullish(),
});

/**
 * A row with the columns of the published datasets (methods.md 11.4): `text`, `measurements`, `is_correct` (ground
 * truth), `is_clean` (trusted), and where there are such `difficulty`, `overall_tamper_evidence` and
 * `individual_tamper_evidence`. Others are left alone.
 * @throws UserError `bad-row` naming the file, the row (from 1) and every column that is not as it should be.
 */
export function parseRow(row: FileRow): Row {
  const next = 'Give the columns text, measurements, is_correct and is_clean.';
  const { text, measurements, is_correct, is_clean, difficulty, overall_tamper_evidence, individual_tamper_evidence } =
    parseCells(columns, row, 'an example', next);
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
