import { UserError } from '../core/errors.ts';
import type { Example } from '../core/examples.ts';
import type { Dataset, Setting } from '../core/settings.ts';
import { writeWhole } from '../core/write-whole.ts';
import { nearest } from '../experiments/nearest.ts';
import { asDiskFault } from '../experiments/store.ts';
import { writeExamples } from '../experiments/tables.ts';
import { settings } from '../settings/registry.ts';
import { findFiles } from './find-data.ts';

export interface GenerateOptions {
  readonly seed: number;
  /** `key=value` pairs; values are read as JSON where they are JSON, else as text. */
  readonly option: readonly string[];
  readonly split?: string;
  readonly format?: string;
  readonly out?: string;
  readonly threads: number;
  readonly json?: true;
  readonly quiet?: true;
  readonly signal: AbortSignal;
}

/** Generates a world and writes its examples where the options say. */
export async function generateExamples(world: string, options: GenerateOptions): Promise<void> {
  const format = formatOf(options);
  const setting = settingOf(world);
  const settingOptions = optionsOf(setting, options.option);
  const { seed, threads, signal } = options;
  const files = setting.files?.(settingOptions, seed);
  const directory = files && (await findFiles(files, { quiet: options.quiet, signal }));
  const dataset = await setting.load(settingOptions, {
    ...{ seed, threads, signal, progress: progressOf(options) },
    ...(directory !== undefined && { directory }),
  });
  const examples = chosenSplits(dataset, options.split);
  await write(examples, dataset, format, options.out);
  if (options.json && options.out !== undefined) console.log(JSON.stringify(dataset.notes));
}

function settingOf(id: string): Setting {
  const known: Readonly<Record<string, unknown>> = settings;
  if (Object.hasOwn(known, id)) return known[id] as Setting;
  throw new UserError(
    'unknown-setting',
    `Expected the id of a setting, got "${id}". ${nearest(id, Object.keys(known))}`,
  );
}

function optionsOf(setting: Setting, pairs: readonly string[]): unknown {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new UserError(
        'bad-option',
        `Expected --option to be key=value, got "${pair}". Write e.g. --option trainExamples=1000.`,
      );
    return [pair.slice(0, at), readValue(pair.slice(at + 1))] as const;
  });
  const parsed = setting.options.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw new UserError(
    'bad-option',
    `Expected options that ${setting.id} knows, got: ${problems.join('; ')}. Mend or leave out --option.`,
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function formatOf({ format, out }: GenerateOptions): 'jsonl' | 'parquet' {
  const wanted = format ?? (out?.endsWith('.parquet') ? 'parquet' : 'jsonl');
  if (wanted !== 'jsonl' && wanted !== 'parquet') {
    throw new UserError('bad-format', `Expected --format to be jsonl or parquet, got "${wanted}". Choose one of them.`);
  }
  if (wanted === 'parquet' && out === undefined) {
    throw new UserError(
      'bad-format',
      'Expected --out to be a file for Parquet, got nothing. Add --out examples.parquet.',
    );
  }
  return wanted;
}

type Row = Example & { readonly split: string };

/** With the weak supervisor's examples as one more split. */
function chosenSplits({ splits: own, supervisorExamples }: Dataset, split: string | undefined): Row[] {
  const splits: Readonly<Record<string, readonly Example[]>> = {
    ...own,
    ...(supervisorExamples && { supervisor: supervisorExamples }),
  };
  if (split !== undefined && !Object.hasOwn(splits, split)) {
    throw new UserError(
      'unknown-split',
      `Expected a split of this setting, got "${split}". ${nearest(split, Object.keys(splits))}`,
    );
  }
  return Object.entries(splits).flatMap(([name, examples]) =>
    split === undefined || split === name ? examples.map((example) => ({ ...example, split: name })) : [],
  );
}

async function write(rows: readonly Row[], dataset: Dataset, format: 'jsonl' | 'parquet', out: string | undefined) {
  if (out === undefined) {
    for (const row of rows) process.stdout.write(`${jsonLine(row)}\n`);
    return;
  }
  try {
    if (format === 'parquet') await writeExamples(out, rows, dataset.measurementNames);
    else await writeWhole(out, rows.map((row) => `${jsonLine(row)}\n`).join(''));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new UserError(
          'no-directory',
          `Expected the directory of ${out} to exist, got none. Make it, or choose another --out.`,
        )
      : asDiskFault(error, out);
  }
}

function jsonLine({
  id,
  split,
  text,
  pairs,
  measurements,
  trusted,
  groundTruth,
  difficulty,
  group,
  kind,
}: Row): string {
  const own = { id, split, text, pairs, measurements, trusted, ground_truth: groundTruth, difficulty, group, kind };
  return JSON.stringify(own);
}

function progressOf({ quiet }: GenerateOptions) {
  if (quiet || !process.stderr.isTTY) return () => {};
  return (done: number, total: number, unit: string) => {
    process.stderr.write(`\r${done} of ${total} ${unit}${done >= total ? '\n' : ''}`);
  };
}
