import { z } from 'zod';
import { splitName, takenSplitName } from '../data-files/split-name.ts';

const column = z.string().min(1);
const columns = z
  .strictObject({
    text: column.describe('What the model reads.'),
    groundTruth: column.describe('Whether the outcome really happened; only the judge and ceilings see it.'),
    measurements: z.array(column).default([]).describe('One boolean column per measurement; empty cells are masked.'),
    weakLabel: z
      .union([column, z.array(column).min(1)])
      .optional()
      .describe('Probability of the outcome, 0 to 1, from one weak supervisor, or a column for each of several.'),
    id: column.optional().describe('A name of its own for each row. Left out: numbers.'),
    trusted: column
      .optional()
      .describe('Whether nobody tampered with the measurements. Left out: not known of any row.'),
    difficulty: column.optional().describe('A number, higher is harder.'),
    group: column
      .optional()
      .describe('What rows share, e.g. a problem: a judged share has no value that training has.'),
    pair: z
      .strictObject({ prompt: column, negative: column, positive: column })
      .optional()
      .describe('A question with its answers; the positive one is right where ground truth is true.'),
  })
  .refine(({ measurements, weakLabel }) => measurements.length > 0 || weakLabel !== undefined, {
    path: ['measurements'],
    message: 'Expected at least one column of measurements or weak labels, got none',
  })
  .refine(({ measurements }) => new Set(measurements).size === measurements.length, {
    path: ['measurements'],
    message: 'Expected different columns, got one twice',
  })
  .refine((mapped) => !shownColumns(mapped).includes(mapped.groundTruth), {
    path: ['groundTruth'],
    message: 'Expected a column that stands for nothing else: techniques would see ground truth',
  });

/** Options of the tabular setting. */
export const tabularOptions = z
  .strictObject({
    source: z.string().min(1).describe('A file, a directory, or a dataset on the hub.'),
    revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
    train: z.array(column).min(1).optional().describe('Training files. Left out: all that are not judged.'),
    test: z
      .union([z.strictObject({ files: z.array(column).min(1) }), z.strictObject({ share: z.number().gt(0).max(0.9) })])
      .default({ share: 0.2 })
      .describe('What is judged: files, a split each, or a share of the rows in which no group is that training has.'),
    columns: columns.describe('Which column holds what.'),
    unknownGroundTruth: z
      .enum(['refuse', 'as-measured'])
      .default('refuse')
      .describe(
        'Training rows without ground truth: an error, or it is taken to be as measured and ceilings mean little.',
      ),
  })
  .superRefine(({ test }, context) => {
    const taken = 'files' in test ? takenSplitName(test.files.map(splitName)) : undefined;
    if (taken === undefined) return;
    const message = `Expected judged files whose names make splits of their own, got "${taken}"`;
    context.addIssue({ code: 'custom', path: ['test', 'files'], message });
  });

export type TabularOptions = z.output<typeof tabularOptions>;
export type TabularColumns = TabularOptions['columns'];

/** Columns that techniques see, if only of training examples; groups are hidden from them. */
function shownColumns(mapped: {
  readonly text: string;
  readonly measurements: readonly string[];
  readonly weakLabel?: string | string[] | undefined;
  readonly id?: string | undefined;
  readonly trusted?: string | undefined;
  readonly difficulty?: string | undefined;
  readonly pair?: Readonly<Record<'prompt' | 'negative' | 'positive', string>> | undefined;
}): readonly (string | undefined)[] {
  const { text, measurements, id, trusted, difficulty, pair } = mapped;
  return [text, ...measurements, ...weakLabelColumns(mapped), id, trusted, difficulty, ...Object.values(pair ?? {})];
}

/** Columns of weak labels, one per supervisor. */
export function weakLabelColumns({
  weakLabel = [],
}: {
  readonly weakLabel?: string | string[] | undefined;
}): readonly string[] {
  return typeof weakLabel === 'string' ? [weakLabel] : weakLabel;
}
