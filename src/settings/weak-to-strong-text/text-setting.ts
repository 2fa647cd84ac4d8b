/**
 * Settings that read labelled texts for weak-to-strong experiments (methods.md 3.3): half of the training texts, with
 * ground truth, is what a weak supervisor learns from; it labels the other half, which is what supervision sees.
 */
import { countBySplit } from '../../core/count-categories.ts';
import { UserError } from '../../core/errors.ts';
import type { Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, Setting, SettingContext } from '../../core/settings.ts';
import { outlookOf } from '../data-files/outlook-of.ts';
import { quietContext } from '../data-files/quiet-context.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { holdsSplit, splitFiles } from '../data-files/split-files.ts';
import { createIntake } from '../intake.ts';
import { selectTexts } from './select-texts.ts';
import type { FormattedText, TextFormat } from './text-format.ts';
import { type TextOptions, textOptions } from './text-options.ts';

export function createTextSetting(format: TextFormat): Setting<TextOptions> {
  const { id, title } = format;
  return {
    id,
    title,
    source: 'methods.md 3.3; Burns et al. 2023, "Weak-to-Strong Generalization", arXiv 2312.09390',
    structures: ['untrusted-examples', 'contrast-pairs'],
    wantsSupervisor: true,
    options: format.options ?? textOptions,
    files: (options) => filesOf(format, options),
    load: (options, context) => load(format, options, context),
    outlook: async (options, directory) => outlookOf(await load(format, options, quietContext(directory))),
    async sampleTexts(options, directory) {
      const few = { ...options, trainExamples: Math.min(200, options.trainExamples), testExamples: 1 };
      const { splits } = await load(format, few, quietContext(directory));
      return splits.train.slice(0, 100).map(({ text }) => text);
    },
  };
}

function filesOf({ hub, testSplit, firstFiles }: TextFormat, { source, revision }: TextOptions) {
  const isPublished = source === undefined;
  const chosen = revision ?? (isPublished ? hub.revision : undefined);
  const isFirst = (path: string) => !isPublished || (firstFiles?.test(path) ?? true);
  return {
    source: source ?? hub.id,
    ...(chosen !== undefined && { revision: chosen }),
    wants: (path: string) => holdsSplit(path, testSplit) || (holdsSplit(path, 'train') && isFirst(path)),
  };
}

async function load(format: TextFormat, options: TextOptions, context: SettingContext): Promise<Dataset> {
  const { seed, signal, progress } = context;
  const drop = ['too-long', 'balancing', ...(format.drops ?? [])];
  const intake = createIntake({ drop, relabel: [] });
  const select = async (split: 'train' | 'test', count: number) => {
    const paths = pathsOf(format, options, split, context);
    const rng = createRng(seed, format.id, split);
    return rng.shuffle(await selectTexts(format, options, { split, paths, count, rng, signal }, intake));
  };
  const pool = await select('train', options.trainExamples);
  const judged = await select('test', options.testExamples);
  requireEnough(format, pool, judged);
  const half = Math.floor(pool.length / 2);
  const groups = groupsIn([...pool, ...judged]);
  const asExamples = (name: string, texts: readonly FormattedText[]) =>
    texts.map((text, i) => exampleOf(text, `${name}-${String(i).padStart(5, '0')}`, groups));
  const splits = { train: asExamples('train', pool.slice(half)), test: asExamples('test', judged) };
  progress(pool.length + judged.length, pool.length + judged.length, 'examples');
  return {
    setting: format.id,
    seed,
    measurementNames: [],
    splits,
    supervisorExamples: asExamples('supervisor', pool.slice(0, half)),
    notes: { counts: countBySplit(splits), dropped: intake.dropped, relabelled: intake.relabelled, heldOut: {} },
  };
}

function pathsOf(
  format: TextFormat,
  { configuration }: TextOptions,
  split: 'train' | 'test',
  { directory }: SettingContext,
): string[] {
  const name = split === 'train' ? split : format.testSplit;
  const paths = splitFiles(requireDirectory(directory), name, configuration);
  if (paths.length > 0) return paths;
  const wanted = `a file ${name}.jsonl, ${name}.csv or ${name}-*.parquet`;
  const message = `Expected the data of ${format.id} to have ${wanted}, got none. Give a directory that has.`;
  throw new UserError('no-such-split', message);
}

function requireEnough({ id, testSplit }: TextFormat, pool: readonly unknown[], judged: readonly unknown[]): void {
  if (pool.length >= 4 && judged.length > 0) return;
  const got = `${pool.length} and ${judged.length}`;
  const next = 'Give more rows, or loosen balanced and maxCharacters.';
  const wanted = `to leave at least 4 texts of train and 1 of ${testSplit}`;
  throw new UserError('too-few-rows', `Expected the data of ${id} ${wanted}, got ${got}. ${next}`);
}

/** A short name for each passage. */
function groupsIn(texts: readonly FormattedText[]): ReadonlyMap<string, string> {
  const passages = new Set(texts.flatMap(({ passage }) => (passage === undefined ? [] : [passage])));
  return new Map([...passages].map((passage, i) => [passage, `passage-${i}`]));
}

function exampleOf(
  { text, groundTruth, pair, passage }: FormattedText,
  id: string,
  groups: ReadonlyMap<string, string>,
): Example {
  const group = passage === undefined ? undefined : groups.get(passage);
  const example = { id, text, pairs: [pair], measurements: [], trusted: false, groundTruth };
  return { ...example, ...(group !== undefined && { group }) };
}
