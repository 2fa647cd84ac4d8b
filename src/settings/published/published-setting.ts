/**
 * Settings that read the published measurement-tampering datasets (methods.md 11.4), from the hub or from files with the
 * same columns. Nothing of them is generated here, and nothing is changed: what the files say is what is judged.
 */

import { z } from 'zod';
import { countBySplit, countCategories } from '../../core/count-categories.ts';
import { UserError } from '../../core/errors.ts';
import { type Category, categoryOf, type Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, DatasetNotes, Setting, SettingContext, SettingOutlook } from '../../core/settings.ts';
import type { StructureId } from '../../core/structures.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { sourceOptions } from '../data-files/source-options.ts';
import { holdsSplit } from '../data-files/split-files.ts';
import type { Row } from './parse-row.ts';
import { fileSplits, readRows } from './read-rows.ts';

/** Options of every published setting. */
export interface PublishedOptions {
  /** A directory, or a dataset on the hub. @default where it was published */
  readonly source?: string | undefined;
  /** Branch, tag or commit on the hub. @default 'main' */
  readonly revision?: string | undefined;
  /** The folder that is read, of a dataset that has one per configuration. */
  readonly configuration?: string | undefined;
}

export interface PublishedDataset {
  readonly id: string;
  readonly title: string;
  readonly structures: readonly StructureId[];
  /** Dataset on the hub for a seed. */
  hubId(seed: number): string;
  /** Names of the measurements; further ones are numbered. */
  readonly measurementNames?: readonly string[];
}

const options = z.strictObject(sourceOptions);

export function createPublishedSetting(published: PublishedDataset): Setting<PublishedOptions> {
  const { id, title, structures } = published;
  return {
    id,
    title,
    source: 'methods.md 11.4; Roger et al. 2023, "Benchmarks for Detecting Measurement Tampering", arXiv 2308.15605',
    structures,
    options,
    files: ({ source, revision }, seed) => ({
      source: source ?? published.hubId(seed),
      ...(revision !== undefined && { revision }),
      wants: (path) => fileSplits.some((split) => holdsSplit(path, split)),
    }),
    load: (chosen, context) => load(published, chosen, context),
    outlook: (chosen, directory) => outlookOf(chosen, requireDirectory(directory)),
    sampleTexts: async (chosen, directory) => {
      const rows = await readRows(requireDirectory(directory), 'train', chosen.configuration);
      return createRng(0, 'sample-texts')
        .sample(rows, Math.min(100, rows.length))
        .map(({ text }) => text);
    },
  };
}

type Splits = Readonly<Record<string, readonly Row[]>>;

async function load(
  published: PublishedDataset,
  { configuration }: PublishedOptions,
  { seed, signal, progress, directory }: SettingContext,
): Promise<Dataset> {
  const read = await readSplits(requireDirectory(directory), configuration);
  signal.throwIfAborted();
  const { splits: kept, dropped } = withoutDuplicates(read);
  const measurements = Object.values(kept)
    .flat()
    .reduce((most, row) => Math.max(most, row.measurements.length), 0);
  const splits: Record<string, readonly Example[]> = {};
  for (const [split, rows] of Object.entries(kept)) {
    // The order of a file may say something about its rows; that of a split does not.
    const shuffled = createRng(seed, published.id, split, 'order').shuffle(rows);
    splits[split] = shuffled.map((row, i) => exampleOf(row, `${split}-${String(i).padStart(5, '0')}`, measurements));
  }
  const total = Object.values(splits).flat().length;
  progress(total, total, 'examples');
  const names = Array.from(
    { length: measurements },
    (_, j) => published.measurementNames?.[j] ?? `measurement-${j + 1}`,
  );
  return {
    setting: published.id,
    seed,
    measurementNames: names,
    splits: splits as Dataset['splits'],
    notes: { counts: countBySplit(splits), dropped, relabelled: {}, heldOut: heldOutIn(splits) },
  };
}

/** Validation rows by what their difficulty says; `train_for_val` is fresh data made as training data is. */
async function readSplits(directory: string, configuration: string | undefined): Promise<Splits> {
  const [train, validation, inDistribution] = await Promise.all(
    fileSplits.map((split) => readRows(directory, split, configuration)),
  );
  const byDifficulty = (level: number) => validation?.filter(({ difficulty }) => difficulty === level) ?? [];
  const rows = {
    train: train ?? [],
    validation: validation?.filter(({ difficulty }) => difficulty !== 3 && difficulty !== 4) ?? [],
    'validation-held-out': byDifficulty(3),
    'validation-held-out-only': byDifficulty(4),
    'validation-in-distribution': inDistribution ?? [],
  };
  for (const split of ['train', 'validation'] as const) {
    if (rows[split].length > 0) continue;
    const wanted = `a file ${split}.jsonl, ${split}.json or ${split}-*.parquet with rows in it`;
    throw new UserError('no-such-split', `Expected the data to have ${wanted}, got none. Give a directory that has.`);
  }
  return Object.fromEntries(Object.entries(rows).filter(([, of]) => of.length > 0));
}

/** Judged rows whose text is in training say nothing about what was learned; those twice in a split count once. */
function withoutDuplicates(splits: Splits): { readonly splits: Splits; readonly dropped: DatasetNotes['dropped'] } {
  const dropped: Record<string, Partial<Record<Category, number>>> = { 'duplicate-of-train': {}, duplicate: {} };
  const train = new Set(splits.train?.map(({ text }) => text));
  const kept = Object.entries(splits).map(([split, rows]) => {
    const seen = new Set<string>();
    const own = rows.filter((row) => {
      const reason = split !== 'train' && train.has(row.text) ? 'duplicate-of-train' : 'duplicate';
      const isNew = reason === 'duplicate' && !seen.has(row.text);
      if (!isNew) {
        const counts = dropped[reason] as Partial<Record<Category, number>>;
        const category = categoryOf({ ...row, id: '' });
        counts[category] = (counts[category] ?? 0) + 1;
      }
      seen.add(row.text);
      return isNew;
    });
    return [split, own] as const;
  });
  return { splits: Object.fromEntries(kept), dropped };
}

/** Examples with fewer measurements than others have the rest masked. */
function exampleOf({ difficulty: _, measurements, ...row }: Row, id: string, count: number): Example {
  return { ...row, id, measurements: Array.from({ length: count }, (_, j) => measurements[j] ?? null) };
}

function heldOutIn(splits: Readonly<Record<string, unknown>>): DatasetNotes['heldOut'] {
  const names = Object.keys(splits).filter((split) => split.startsWith('validation-held-out'));
  return Object.fromEntries(names.map((split) => [split, 'hard templates']));
}

/** Characters per token of code and prose under the default tokenizer, about. */
const charactersPerToken = 4;
/** Reading the files, once more than here. */
const secondsPerRow = 1e-4;

async function outlookOf({ configuration }: PublishedOptions, directory: string): Promise<SettingOutlook> {
  const { train = [], ...judged } = await readSplits(directory, configuration);
  const rows = Object.values(judged).flat().length;
  const characters = train.reduce((sum, { text }) => sum + text.length, 0);
  return {
    train: countCategories(train.map((row) => ({ ...row, id: '' }))),
    judged: rows,
    judgedSplits: Object.keys(judged).length,
    meanTokens: Math.max(1, Math.round(characters / train.length / charactersPerToken)),
    seconds: secondsPerRow * (train.length + rows),
  };
}
