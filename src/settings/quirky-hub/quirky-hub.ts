/**
 * Quirky datasets from the hub or from files with the same columns (methods.md 8.2): two characters judge statements, Alice
 * by the truth and Bob by a rule that errs. Alice is trusted; what the character says is the measurement, the truth Alice's.
 */
import { z } from 'zod';
import { countBySplit } from '../../core/count-categories.ts';
import { expected } from '../../core/errors.ts';
import { categoryOf, type Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, Setting, SettingContext } from '../../core/settings.ts';
import { readRows } from '../../data-files/read-rows.ts';
import { outlookOf } from '../data-files/outlook-of.ts';
import { quietContext } from '../data-files/quiet-context.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { holdsSplit, splitFiles } from '../data-files/split-files.ts';
import { createIntake, type Intake } from '../intake.ts';
import { parseQuirkyRecord, type QuirkyRecord } from './quirky-record.ts';

const options = z.strictObject({
  source: z
    .string()
    .min(1)
    .default('EleutherAI/quirky_sciq')
    .describe('A directory, or a dataset on the hub with statements and choices.'),
  revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
  configuration: z.string().optional().describe('Folder to read, of a dataset with one per configuration.'),
  trainExamples: z
    .int()
    .min(2)
    .default(20_000)
    .describe('Training records of both characters, at most, drawn at random.'),
  testExamples: z.int().min(1).default(4_000).describe('Records of Bob that are judged, at most, drawn at random.'),
  trustedDifficulty: z
    .enum(['all', 'easy'])
    .default('all')
    .describe('Which of Alice’s training records are trusted: all, or those of the easiest quarter.'),
});
type QuirkyOptions = z.output<typeof options>;

const splitNames = ['train', 'test'] as const;
/** Quantiles of difficulty up to which an example is easy, and from which it is hard. */
const [easy, hard] = [0.25, 0.75];

export const quirkyHub: Setting<QuirkyOptions> = {
  id: 'quirky-hub',
  title: 'Quirky answers, as published',
  source:
    'methods.md 8.2; Mallen et al. 2023, "Eliciting Latent Knowledge from Quirky Language Models", arXiv 2312.01037',
  structures: ['trusted-subset', 'untrusted-examples', 'contrast-pairs', 'difficulty-order'],
  options,
  files: ({ source, revision }) => ({
    source,
    ...(revision !== undefined && { revision }),
    wants: (path) => splitNames.some((split) => holdsSplit(path, split)),
  }),
  load,
  outlook: async (chosen, directory) => outlookOf(await load(chosen, quietContext(directory))),
  async sampleTexts(chosen, directory) {
    const { splits } = await load(chosen, quietContext(directory));
    return splits.train.slice(0, 100).map(({ text }) => text);
  },
};

interface Ranked extends QuirkyRecord {
  readonly quantile: number;
  readonly trusted: boolean;
}

async function load(chosen: QuirkyOptions, context: SettingContext): Promise<Dataset> {
  const { seed, signal, progress } = context;
  const { trainExamples, testExamples } = chosen;
  const intake = createIntake({ drop: ['question-of-train'], relabel: [] });
  const read = async (split: (typeof splitNames)[number]) => {
    signal.throwIfAborted();
    return createRng(seed, 'quirky-hub', split).shuffle(await readRecords(split, chosen, context));
  };
  const train = take(await read('train'), 'train', trainExamples, intake);
  const questions = new Set(train.flatMap(({ id }) => id ?? []));
  const isNew = (record: Ranked) => {
    const isKnown = record.id !== undefined && questions.has(record.id);
    if (isKnown) intake.drop('question-of-train', categoryOf(exampleOf(record, '')));
    return !isKnown;
  };
  const bob = (await read('test')).filter((record) => !record.isAlice && isNew(record));
  const judged = take(bob, 'bob', testExamples, intake);
  requireBoth(train, judged);
  const some = (split: string, fits: (record: Ranked) => boolean) => asExamples(split, judged.filter(fits));
  const splits = {
    train: asExamples('train', train),
    bob: asExamples('bob', judged),
    'bob-hard': some('bob-hard', ({ quantile }) => quantile >= hard),
    'bob-easy': some('bob-easy', ({ quantile }) => quantile <= easy),
    disagreement: some('disagreement', ({ aliceLabel, bobLabel }) => aliceLabel !== bobLabel),
  };
  progress(train.length + judged.length, train.length + judged.length, 'records');
  const { dropped, relabelled } = intake;
  return {
    setting: quirkyHub.id,
    seed,
    measurementNames: ['character-says'],
    splits: withoutEmpty(splits),
    notes: { counts: countBySplit(splits), dropped, relabelled, heldOut: {} },
  };
}

async function readRecords(
  split: (typeof splitNames)[number],
  { configuration, trustedDifficulty }: QuirkyOptions,
  { directory }: SettingContext,
): Promise<Ranked[]> {
  const records: QuirkyRecord[] = [];
  for (const path of splitFiles(requireDirectory(directory), split, configuration)) {
    for await (const row of readRows(path)) records.push(parseQuirkyRecord(row));
  }
  const quantiles = quantilesOf(records.map(({ difficulty }) => difficulty));
  return records.map((record, i) => {
    const quantile = record.difficultyQuantile ?? (quantiles[i] as number);
    return { ...record, quantile, trusted: record.isAlice && (trustedDifficulty === 'all' || quantile <= easy) };
  });
}

/** (rank + 0.5) / n for each, for files without that column (methods.md 8.2). */
function quantilesOf(difficulties: readonly number[]): Float64Array {
  const order = difficulties.map((_, i) => i).sort((a, b) => (difficulties[a] as number) - (difficulties[b] as number));
  const quantiles = new Float64Array(order.length);
  for (const [rank, i] of order.entries()) quantiles[i] = (rank + 0.5) / order.length;
  return quantiles;
}

function take(records: readonly Ranked[], split: string, most: number, intake: Intake): Ranked[] {
  const taken: Ranked[] = [];
  for (const record of records) {
    if (taken.length === most) break;
    if (intake.enters(split, record.statement, categoryOf(exampleOf(record, '')))) taken.push(record);
  }
  return taken;
}

function asExamples(split: string, records: readonly Ranked[]): Example[] {
  return records.map((record, i) => exampleOf(record, `${split}-${String(i).padStart(5, '0')}`));
}

function exampleOf({ statement, choices, trusted, label, aliceLabel, quantile }: Ranked, id: string): Example {
  const [negative, positive] = choices;
  return {
    id,
    text: statement,
    pairs: [{ prompt: statement, negative, positive }],
    measurements: [label],
    trusted,
    groundTruth: aliceLabel,
    difficulty: quantile,
  };
}

/** A dataset without hard questions, or whose Bob never errs, has no such splits. */
function withoutEmpty(splits: Readonly<Record<string, readonly Example[]>>): Dataset['splits'] {
  return Object.fromEntries(Object.entries(splits).filter(([, of]) => of.length > 0)) as unknown as Dataset['splits'];
}

function requireBoth(train: readonly Ranked[], judged: readonly Ranked[]): void {
  const counts = {
    'of Alice in train that are trusted': train.filter(({ trusted }) => trusted).length,
    'of Bob in train': train.filter(({ isAlice }) => !isAlice).length,
    'of Bob in test': judged.length,
  };
  for (const [of, count] of Object.entries(counts)) {
    if (count > 0) continue;
    const next =
      'Give a dataset with both characters in train, easy questions where those alone are trusted, and Bob in test.';
    throw expected('too-few-rows', `the records ${of}`, 'at least one', 'none', next);
  }
}
