import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countBySplit } from '../../core/count-categories.ts';
import { aggregateMeasurement, type Example } from '../../core/examples.ts';
import type { Dataset, DatasetNotes, Setting } from '../../core/settings.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { type SettingId, settings } from '../../settings/registry.ts';
import { hashOf } from '../hashing.ts';
import { mapSplits } from '../map-splits.ts';
import type { StepRunner } from '../step.ts';
import { readExamples, readTexts, writeExamples, writeTexts } from '../tables.ts';

export interface DatasetConfig {
  readonly setting: SettingId;
  readonly options: unknown;
  readonly seed: number;
  /** Keep only the first n examples of every split. */
  readonly limit?: number;
  /** The files that are read, if any. */
  readonly files?: { readonly name: string; readonly digest: string };
}

interface DatasetFile {
  readonly setting: string;
  readonly seed: number;
  readonly measurementNames: readonly string[];
  readonly splits: readonly string[];
  /** Whether there are examples for a weak supervisor, and a corpus. */
  readonly hasSupervisorExamples: boolean;
  readonly hasCorpus: boolean;
  readonly fingerprint: string;
  readonly notes: DatasetNotes;
}

export const runDataset: StepRunner<DatasetConfig> = async (config, context) => {
  const setting = settings[config.setting] as Setting;
  const { threads, progress, signal } = context;
  const directory = config.files && context.dataPaths?.get(config.files.name);
  const made = await setting.load(config.options, {
    ...{ seed: config.seed, threads, progress, signal },
    ...(directory !== undefined && { directory }),
  });
  await writeDataset(limited(made, config.limit), context.directory);
};

const files = { dataset: 'dataset.json', supervisor: 'supervisor-examples.parquet', corpus: 'corpus.parquet' } as const;

/** Writes a dataset as an artifact that {@link loadDataset} reads. */
export async function writeDataset(dataset: Dataset, directory: string): Promise<void> {
  const { splits, supervisorExamples, corpus, ...rest } = dataset;
  for (const [split, examples] of Object.entries(splits)) {
    await writeExamples(join(directory, `${split}.parquet`), examples, dataset.measurementNames);
  }
  if (supervisorExamples) await writeExamples(join(directory, files.supervisor), supervisorExamples, []);
  if (corpus) await writeTexts(join(directory, files.corpus), corpus);
  const file: DatasetFile = {
    ...rest,
    splits: Object.keys(splits),
    hasSupervisorExamples: supervisorExamples !== undefined,
    hasCorpus: corpus !== undefined,
    fingerprint: hashOf({ splits, supervisorExamples, corpus }),
  };
  await writeWhole(join(directory, files.dataset), `${JSON.stringify(file, null, 2)}\n`);
}

/** A dataset artifact, with the SHA-256 of its examples. */
export async function loadDataset(directory: string): Promise<Dataset & { readonly fingerprint: string }> {
  const file = JSON.parse(await readFile(join(directory, files.dataset), 'utf8')) as DatasetFile;
  const { hasSupervisorExamples, hasCorpus, ...rest } = file;
  const splits: Record<string, Example[]> = {};
  for (const split of file.splits) {
    splits[split] = await readExamples(join(directory, `${split}.parquet`), file.measurementNames);
  }
  return {
    ...rest,
    splits: splits as unknown as Dataset['splits'],
    ...(hasSupervisorExamples && { supervisorExamples: await readExamples(join(directory, files.supervisor), []) }),
    ...(hasCorpus && { corpus: await readTexts(join(directory, files.corpus)) }),
  };
}

/** Splits that judge a technique: all but `train`; the first is the headline. */
export function judgedSplits(dataset: Dataset): string[] {
  return Object.keys(dataset.splits).filter((split) => split !== 'train');
}

function limited(dataset: Dataset, limit: number | undefined): Dataset {
  if (limit === undefined) return dataset;
  const { supervisorExamples, notes } = dataset;
  const { splits } = mapSplits(dataset, (examples) => examples.slice(0, limit));
  return {
    ...{ ...dataset, splits, notes: { ...notes, counts: countBySplit(splits) } },
    ...(supervisorExamples && { supervisorExamples: supervisorExamples.slice(0, limit) }),
  };
}

/** Real and fake positives: untrusted examples whose every measurement is positive. */
export function untrustedPositives(examples: readonly Example[]): number[] {
  return examples.flatMap((example, i) => (!example.trusted && aggregateMeasurement(example) ? [i] : []));
}
