/**
 * True and false statements in files of their own, one dataset each (methods.md 7.6): trained on some of them, judged on
 * others, so that a direction of truth can be told from a direction of one dataset.
 */
import { z } from 'zod';
import { countBySplit } from '../../core/count-categories.ts';
import { expected } from '../../core/errors.ts';
import type { Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, DatasetNotes, Setting, SettingContext } from '../../core/settings.ts';
import { isNamed, namedFile } from '../../data-files/named-files.ts';
import { bit, parseCells, quantity } from '../../data-files/parse-cells.ts';
import { readRows } from '../../data-files/read-rows.ts';
import { holdOut } from '../data-files/hold-out.ts';
import { outlookOf } from '../data-files/outlook-of.ts';
import { quietContext } from '../data-files/quiet-context.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { splitName, takenSplitName } from '../data-files/split-name.ts';
import { createIntake, type Intake } from '../intake.ts';
import { unlabelledCategory } from '../unlabelled-category.ts';

const names = z.array(z.string().min(1));
const options = z
  .strictObject({
    source: z.string().min(1).describe('A directory of statement files, or a dataset on the hub.'),
    revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
    train: names
      .min(1)
      .default(['cities', 'neg_cities'])
      .describe('Files of the statements to train on, with or without their ending.'),
    test: names.default([]).describe('Files that are judged alone, one split each, named after them.'),
    testShare: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.2)
      .describe('Share of the training statements that is judged instead, as the split test.'),
    groupBy: z.string().optional().describe('Column whose values stay together, e.g. the city of a statement.'),
  })
  .superRefine(({ test, testShare }, context) => {
    const taken = takenSplitName(test.map(splitName), ['test']);
    if (taken !== undefined) {
      const message = `Expected test files with names of their own, got "${taken}" twice`;
      context.addIssue({ code: 'custom', path: ['test'], message });
    }
    if (test.length === 0 && testShare === 0) {
      const message = 'Expected a share above 0 where no test file is named, got 0';
      context.addIssue({ code: 'custom', path: ['testShare'], message });
    }
  });
type StatementOptions = z.output<typeof options>;

/** Statements that are true or false, each with the two answers to whether it is. */
export const trueFalseStatements: Setting<StatementOptions> = {
  id: 'true-false-statements',
  title: 'Statements: true or false?',
  source: 'methods.md 7.6; Marks and Tegmark 2023, "The Geometry of Truth", arXiv 2310.06824',
  structures: ['untrusted-examples', 'contrast-pairs'],
  wantsSupervisor: true,
  options,
  files: ({ source, revision, train, test }) => ({
    source,
    ...(revision !== undefined && { revision }),
    wants: (path) => [...train, ...test].some((name) => isNamed(path, name)),
  }),
  load,
  outlook: async (chosen, directory) => outlookOf(await load(chosen, quietContext(directory))),
  async sampleTexts(chosen, directory) {
    const { splits } = await load(chosen, quietContext(directory));
    return splits.train.slice(0, 100).map(({ text }) => text);
  },
};

interface Statement {
  readonly text: string;
  readonly groundTruth: boolean;
  readonly group?: string;
}

async function load(chosen: StatementOptions, { seed, signal, progress, directory }: SettingContext): Promise<Dataset> {
  const place = requireDirectory(directory);
  const intake = createIntake({ drop: [], relabel: [] });
  const read = async (name: string) => readStatements(namedFile(place, name), chosen.groupBy, 'needed');
  const rng = createRng(seed, 'true-false-statements');
  const all = (await Promise.all(chosen.train.map(read))).flat();
  signal.throwIfAborted();
  const { kept, heldOut } = holdOut(all, chosen.testShare, rng, groupOf);
  const pool = kept.filter(entering(intake, 'train'));
  const halves = holdOut(pool, 0.5, rng, groupOf);
  const judged: Record<string, readonly Statement[]> = {};
  for (const name of chosen.test) {
    const own = await readStatements(namedFile(place, name), chosen.groupBy, 'where there is one');
    judged[splitName(name)] = rng.shuffle(own).filter(entering(intake, splitName(name)));
  }
  if (chosen.testShare > 0) judged.test = heldOut.filter(entering(intake, 'test'));
  const splits = { train: asExamples('train', halves.kept), ...mapValues(judged, asExamples) };
  requireStatements({ ...splits, supervisor: halves.heldOut });
  progress(all.length, all.length, 'statements');
  const { dropped, relabelled } = intake;
  return {
    setting: 'true-false-statements',
    seed,
    measurementNames: [],
    splits,
    supervisorExamples: asExamples('supervisor', halves.heldOut),
    notes: { counts: countBySplit(splits), dropped, relabelled, heldOut: heldOutIn(chosen) },
  };
}

/** Only what is parted has to have groups: files that are judged alone are of other kinds, without that column. */
async function readStatements(
  path: string,
  groupBy: string | undefined,
  groups: 'needed' | 'where there is one',
): Promise<Statement[]> {
  const value = z.union([z.string().min(1), quantity.transform(String)]);
  const group = groupBy === undefined ? {} : { [groupBy]: groups === 'needed' ? value : value.nullish() };
  const columns = z.object({ ...group, statement: z.string().min(1), label: bit });
  const statements: Statement[] = [];
  for await (const row of readRows(path)) {
    const next = 'Give the columns statement and label (1 or 0, true or false), and the one to group by.';
    const cells: Readonly<Record<string, unknown>> = parseCells(columns, row, 'a statement', next);
    const own = groupBy === undefined ? undefined : cells[groupBy];
    const of = own === undefined || own === null ? {} : { group: `${groupBy}: ${String(own)}` };
    statements.push({ text: cells.statement as string, groundTruth: cells.label as boolean, ...of });
  }
  return statements;
}

/** Without a group a statement is its own, so that its duplicates are not parted. */
function groupOf({ group, text }: Statement): string {
  return group ?? text;
}

function entering(intake: Intake, split: string): (statement: Statement) => boolean {
  return ({ text, groundTruth }) => intake.enters(split, text, unlabelledCategory(groundTruth));
}

function asExamples(split: string, statements: readonly Statement[]): Example[] {
  return statements.map((statement, i) => ({
    ...statement,
    id: `${split}-${String(i).padStart(5, '0')}`,
    pairs: [{ prompt: `${statement.text} This statement is:`, negative: ' FALSE', positive: ' TRUE' }],
    measurements: [],
    trusted: false,
  }));
}

function mapValues(
  splits: Readonly<Record<string, readonly Statement[]>>,
  map: (split: string, statements: readonly Statement[]) => Example[],
): Record<string, Example[]> {
  return Object.fromEntries(Object.entries(splits).map(([split, statements]) => [split, map(split, statements)]));
}

function requireStatements(parts: Readonly<Record<string, readonly unknown[]>>): void {
  const empty = Object.keys(parts).find((part) => parts[part]?.length === 0);
  if (empty === undefined) return;
  const next = 'Give more statements, or another testShare or groupBy.';
  throw expected('too-few-rows', `the ${empty} statements`, 'at least one', 'none', next);
}

function heldOutIn({ test, testShare, groupBy }: StatementOptions): DatasetNotes['heldOut'] {
  const groups = groupBy !== undefined && testShare > 0 ? [['test', `values of ${groupBy}`]] : [];
  return Object.fromEntries([...test.map((name) => [splitName(name), 'statement files']), ...groups]);
}
