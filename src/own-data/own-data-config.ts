import { z } from 'zod';
import { activationsPlace } from './own-activations.ts';
import { parseRule } from './parse-rule.ts';
import { testReports } from './test-reports/test-reports-config.ts';

const column = z.string().min(1);

const columns = z
  .strictObject({
    id: column.optional().describe('A name of its own for each row. Left out: file and line.'),
    text: column.optional().describe('What a model reads.'),
    messages: column.optional().describe('Chat messages with role and content, read as one text. Instead of text.'),
    measurements: z
      .union([column, z.array(column)])
      .default([])
      .describe('One boolean column per measurement, or one column that holds a list or a mapping of them.'),
    trusted: column.optional().describe('Whether nobody tampered with the measurements. Left out: no row is trusted.'),
    trustedWhere: z
      .string()
      .min(1)
      .superRefine((text, context) => {
        try {
          parseRule(text);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
        }
      })
      .optional()
      .describe('A rule in place of a column, e.g. source == "human".'),
    groundTruth: column
      .optional()
      .describe('Whether the outcome really happened, where that is known. It only judges.'),
    group: column.optional().describe('What rows share, e.g. a task; a group is never split.'),
  })
  .refine(({ text, messages }) => text === undefined || messages === undefined, {
    path: ['messages'],
    message: 'Expected text or messages, got both',
  })
  .refine(({ trusted, trustedWhere }) => trusted === undefined || trustedWhere === undefined, {
    path: ['trustedWhere'],
    message: 'Expected trusted or trustedWhere, got both',
  })
  .refine((mapped) => new Set(measurementColumns(mapped)).size === measurementColumns(mapped).length, {
    path: ['measurements'],
    message: 'Expected different columns, got one twice',
  })
  .refine((mapped) => !shownColumns(mapped).some((shown) => overlap(shown, mapped.groundTruth)), {
    path: ['groundTruth'],
    message: 'Expected a column that stands for nothing else: techniques would see ground truth',
  });

/** A user's own data: where it stands and which column holds what. `extend` it for a command's further keys. */
export const ownDataConfig = z
  .strictObject({
    data: z.string().min(1).describe('A JSONL, JSON, CSV, TSV or Parquet file, or a directory of them.'),
    columns: columns.describe('Which column holds what.'),
    activations: activationsPlace.optional().describe('Activations made elsewhere, by example id.'),
    results: testReports.default([]).describe('Test reports whose outcomes are measurements, by example id.'),
    maxRejected: z
      .number()
      .min(0)
      .max(1)
      .default(0.01)
      .describe('Share of rows that may be unreadable before reading stops.'),
  })
  .superRefine((config, context) => {
    for (const missing of missingParts(config)) context.addIssue({ code: 'custom', ...missing });
  });

export type OwnDataConfig = z.output<typeof ownDataConfig>;
export type OwnColumns = OwnDataConfig['columns'];

/** Columns of measurements; one may hold a list. */
export function measurementColumns({ measurements }: { readonly measurements: string | string[] }): readonly string[] {
  return typeof measurements === 'string' ? [measurements] : measurements;
}

/** What a config lacks without which there are no examples, and where it belongs. */
export function missingParts(config: {
  readonly columns: { readonly text?: unknown; readonly messages?: unknown; readonly measurements?: unknown };
  readonly activations?: unknown;
  readonly results?: unknown;
}): readonly { readonly path: string[]; readonly message: string }[] {
  const { columns: mapped, activations, results } = config;
  const missing: { path: string[]; message: string }[] = [];
  if ((mapped.text ?? mapped.messages ?? activations) === undefined) {
    const message = 'Expected a column of texts or messages, or activations, got none';
    missing.push({ path: ['columns', 'text'], message });
  }
  if (isNothing(mapped.measurements) && isNothing(results)) {
    const message = 'Expected columns of measurements, or test results, got none';
    missing.push({ path: ['columns', 'measurements'], message });
  }
  return missing;
}

function isNothing(listed: unknown): boolean {
  return listed === undefined || (Array.isArray(listed) && listed.length === 0);
}

/** Columns that supervision sees, or that shape it, those of the rule for trust among them. */
function shownColumns(mapped: {
  readonly measurements: string | string[];
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  readonly messages?: string | undefined;
  readonly trusted?: string | undefined;
  readonly trustedWhere?: string | undefined;
  readonly group?: string | undefined;
}): readonly string[] {
  const { id, text, messages, trusted, trustedWhere, group } = mapped;
  const named = [id, text, messages, trusted, group].filter((name) => name !== undefined);
  return [...named, ...measurementColumns(mapped), ...ruleColumns(trustedWhere)];
}

function ruleColumns(rule: string | undefined): readonly string[] {
  try {
    return rule === undefined ? [] : parseRule(rule).columns.map((path) => path.join('.'));
  } catch {
    // Its own fault is told where it stands.
    return [];
  }
}

/** Whether two columns are one, or one stands within the other. */
function overlap(a: string, b: string | undefined): boolean {
  return b !== undefined && (a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`));
}
