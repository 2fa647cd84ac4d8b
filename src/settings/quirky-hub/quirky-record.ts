import { z } from 'zod';
import { bit, parseCells, quantity } from '../../data-files/parse-cells.ts';
import type { FileRow } from '../../data-files/read-rows.ts';

/** A statement that a character was asked about (methods.md 2, item 3). */
export interface QuirkyRecord {
  /** The same for the records of one question, where the file has ids. */
  readonly id?: string | undefined;
  readonly isAlice: boolean;
  readonly statement: string;
  /** What the character says: the answer against, the answer for. */
  readonly choices: readonly [negative: string, positive: string];
  readonly label: boolean;
  readonly aliceLabel: boolean;
  readonly bobLabel: boolean;
  readonly difficulty: number;
  readonly difficultyQuantile?: number | undefined;
}

const columns = z
  .object({
    id: z.union([z.string(), z.number(), z.bigint()]).transform(String).nullish(),
    character: z.enum(['Alice', 'Bob']),
    label: bit,
    alice_label: bit,
    bob_label: bit,
    difficulty: quantity,
    difficulty_quantile: quantity.nullish(),
    statement: z.string().min(1),
    choices: z.array(z.string().min(1)).length(2),
  })
  .refine(
    ({ character, label, alice_label, bob_label }) => label === (character === 'Alice' ? alice_label : bob_label),
    {
      path: ['label'],
      message: 'expected the label of the character',
    },
  );

/**
 * A row of a quirky dataset in its form with statements.
 * @throws UserError `bad-row` naming the file, the row (from 1) and every column that is not as it should be.
 */
export function parseQuirkyRecord(row: FileRow): QuirkyRecord {
  const isRaw = typeof row.cells === 'object' && row.cells !== null && !('statement' in row.cells);
  const next = isRaw
    ? 'This is a raw dataset, whose template_args no template has been put around: give one with statements.'
    : 'Give the columns character, label, alice_label, bob_label, difficulty, statement and choices.';
  const cells = parseCells(columns, row, 'a quirky record', next);
  return {
    id: cells.id ?? undefined,
    isAlice: cells.character === 'Alice',
    statement: cells.statement,
    choices: cells.choices as [string, string],
    label: cells.label,
    aliceLabel: cells.alice_label,
    bobLabel: cells.bob_label,
    difficulty: cells.difficulty,
    difficultyQuantile: cells.difficulty_quantile ?? undefined,
  };
}
