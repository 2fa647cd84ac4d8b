/**
 * Examples of one's own from JSONL, JSON, CSV, TSV or Parquet, by a mapping of columns. Judged rows must have ground truth:
 * without it nobody can say whether a technique was right.
 */
import { countBySplit } from '../../core/count-categories.ts';
import { expected } from '../../core/errors.ts';
import { aggregateMeasurement, categoryOf, type Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, DatasetNotes, Setting, SettingContext } from '../../core/settings.ts';
import type { StructureId } from '../../core/structures.ts';
import { filesAt, isNamed, namedFile } from '../../data-files/named-files.ts';
import { readRows } from '../../data-files/read-rows.ts';
import { holdOut } from '../data-files/hold-out.ts';
import { outlookOf } from '../data-files/outlook-of.ts';
import { quietContext } from '../data-files/quiet-context.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { splitName } from '../data-files/split-name.ts';
import { createIntake } from '../intake.ts';
import { createRowParser, type TabularRow } from './parse-example.ts';
import { type TabularColumns, type TabularOptions, tabularOptions, weakLabelColumns } from './tabular-options.ts';

export const tabular: Setting<TabularOptions> = {
  id: 'tabular',
  title: 'Your own data',
  source: 'docs/settings.md; the words of methods.md 2',
  structures: [
    'trusted-subset',
    'several-measurements',
    'untrusted-examples',
    'contrast-pairs',
    'difficulty-order',
    'several-supervisors',
  ],
  offers: ({ columns }) => offeredBy(columns),
  options: tabularOptions,
  files: ({ source, revision, train, test }) => ({
    source,
    ...(revision !== undefined && { revision }),
    wants: (path) => {
      const named = train === undefined ? undefined : [...train, ...('files' in test ? test.files : [])];
      return named?.some((name) => isNamed(path, name)) ?? true;
    },
  }),
  load,
  outlook: async (options, directory) => outlookOf(await load(options, quietContext(directory))),
  async sampleTexts(options, directory) {
    const { splits } = await load(options, quietContext(directory));
    return splits.train.slice(0, 100).map(({ text }) => text);
  },
};

function offeredBy(columns: TabularColumns): StructureId[] {
  const isOffered: Partial<Record<StructureId, boolean>> = {
    'trusted-subset': columns.trusted !== undefined,
    'several-measurements': columns.measurements.length > 1,
    'untrusted-examples': true,
    'contrast-pairs': columns.pair !== undefined,
    'difficulty-order': columns.difficulty !== undefined,
    'several-supervisors': weakLabelColumns(columns).length > 1,
  };
  return tabular.structures.filter((id) => isOffered[id]);
}

async function load(options: TabularOptions, context: SettingContext): Promise<Dataset> {
  const { columns, test } = options;
  const { seed, signal, progress } = context;
  const rng = createRng(seed, 'tabular');
  const reason = 'ground-truth-as-measured';
  const intake = createIntake({ drop: [], relabel: [reason] });
  const [trainRows, judgedRows] = await readParts(options, context);
  signal.throwIfAborted();
  const parts =
    'share' in test
      ? holdOut(trainRows, test.share, rng, ({ group, text }) => group ?? text)
      : { kept: rng.shuffle(trainRows), heldOut: [] };
  const judged = 'share' in test ? { test: parts.heldOut } : judgedRows;
  const splits: Record<string, Example[]> = {};
  for (const [split, rows] of Object.entries({ train: parts.kept, ...judged })) {
    const known = rng.shuffle(rows).map((row) => withGroundTruth(row, split, options));
    const isNew = (row: KnownRow) =>
      intake.enters(split, row.text, categoryOf({ ...row, id: '' }), row.isGuess ? reason : undefined);
    splits[split] = known.filter(isNew).map((row, i) => exampleOf(row, `${split}-${String(i).padStart(5, '0')}`));
  }
  requireRows(splits);
  requireDistinctIds(splits);
  const total = Object.values(splits).flat().length;
  progress(total, total, 'examples');
  const names = columns.measurements.length > 0 ? columns.measurements : weakLabelColumns(columns);
  const { dropped, relabelled } = intake;
  return {
    setting: tabular.id,
    seed,
    measurementNames: names,
    splits: splits as unknown as Dataset['splits'],
    notes: { counts: countBySplit(splits), dropped, relabelled, heldOut: heldOutIn(splits, columns.group) },
  };
}

type Parts = readonly [train: TabularRow[], judged: Record<string, TabularRow[]>];

async function readParts({ columns, train, test }: TabularOptions, { directory }: SettingContext): Promise<Parts> {
  const place = requireDirectory(directory);
  const parse = createRowParser(columns);
  const read = async (paths: readonly string[]) => {
    const rows: TabularRow[] = [];
    for (const path of paths) for await (const row of readRows(path)) rows.push(parse(row));
    return rows;
  };
  const judged: Record<string, TabularRow[]> = {};
  const judgedPaths = 'files' in test ? test.files.map((name) => [name, namedFile(place, name)] as const) : [];
  for (const [name, path] of judgedPaths) judged[splitName(name)] = await read([path]);
  const others = filesAt(place).filter((path) => !judgedPaths.some(([, own]) => own === path));
  return [await read(train?.map((name) => namedFile(place, name)) ?? others), judged];
}

type KnownRow = TabularRow & { readonly groundTruth: boolean; readonly isGuess: boolean };

function withGroundTruth(row: TabularRow, split: string, { columns, unknownGroundTruth }: TabularOptions): KnownRow {
  if (row.groundTruth !== null) return { ...row, groundTruth: row.groundTruth, isGuess: false };
  if (split === 'train' && unknownGroundTruth === 'as-measured') {
    return { ...row, groundTruth: aggregateMeasurement(row), isGuess: true };
  }
  const next =
    split === 'train'
      ? 'Fill it in, or set unknownGroundTruth to as-measured and believe no ceiling.'
      : 'Judged rows must have ground truth, which nothing but the judge and ceilings see: fill it in, or leave the row out.';
  const thing = `${columns.groundTruth} in ${row.place} (${split})`;
  throw expected('no-ground-truth', thing, 'true or false', 'nothing', next);
}

function exampleOf({ place: _, isGuess: __, id, ...row }: KnownRow, place: string): Example {
  return { ...row, id: id ?? place };
}

/** Judged splits none of whose groups is in training. */
function heldOutIn(
  splits: Readonly<Record<string, readonly Example[]>>,
  group: string | undefined,
): DatasetNotes['heldOut'] {
  const { train = [], ...judged } = splits;
  const known = new Set(train.map((example) => example.group));
  const names = Object.keys(judged).filter((split) => judged[split]?.every((example) => !known.has(example.group)));
  return group === undefined ? {} : Object.fromEntries(names.map((split) => [split, `values of ${group}`]));
}

function requireRows(splits: Readonly<Record<string, readonly Example[]>>): void {
  const empty = Object.keys(splits).find((split) => splits[split]?.length === 0);
  if (empty === undefined) return;
  const next = 'Give more rows or groups, or another test. Rows whose text is in training already are not judged.';
  throw expected('too-few-rows', `the rows of ${empty}`, 'at least one', 'none', next);
}

function requireDistinctIds(splits: Readonly<Record<string, readonly Example[]>>): void {
  const seen = new Set<string>();
  for (const { id } of Object.values(splits).flat()) {
    if (seen.has(id))
      throw expected(
        'duplicate-id',
        'the ids',
        'different for each row',
        id,
        'Leave columns.id out to number the rows.',
      );
    seen.add(id);
  }
}
