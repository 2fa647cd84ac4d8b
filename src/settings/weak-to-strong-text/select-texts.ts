import type { Rng } from '../../core/random.ts';
import { type FileRow, readRows } from '../../data-files/read-rows.ts';
import type { Intake } from '../intake.ts';
import { unlabelledCategory } from '../unlabelled-category.ts';
import type { FormattedText, TextFormat } from './text-format.ts';
import type { TextOptions } from './text-options.ts';

/** One of a published dataset's splits, and how much of it is wanted. */
export interface Selection {
  readonly split: 'train' | 'test';
  readonly paths: readonly string[];
  readonly count: number;
  readonly rng: Rng;
  readonly signal: AbortSignal;
}

/**
 * The first texts of a split that enter, at most `count`: nothing twice, nothing too long, and where it is balanced as many
 * true as false ones.
 */
export async function selectTexts(
  format: TextFormat,
  options: TextOptions,
  { split, paths, count, rng, signal }: Selection,
  intake: Intake,
): Promise<FormattedText[]> {
  const most = options.balanced ? Math.floor(count / 2) : count;
  const taken: Record<'true' | 'false', FormattedText[]> = { true: [], false: [] };
  for await (const row of rowsIn(paths, options.selection, rng)) {
    signal.throwIfAborted();
    const formatted = format.format(row, rng, options);
    if (typeof formatted === 'string') {
      intake.drop(formatted, 'all-negative');
      continue;
    }
    const { text, about = [text], groundTruth } = formatted;
    const own = taken[`${groundTruth}`];
    const category = unlabelledCategory(groundTruth);
    if (text.length > (options.maxCharacters ?? Number.POSITIVE_INFINITY)) intake.drop('too-long', category);
    else if (own.length >= most) intake.drop('balancing', category);
    else if (about.every((one) => intake.enters(split, one, category))) own.push(formatted);
    if (taken.true.length + taken.false.length >= (options.balanced ? 2 * most : count)) break;
  }
  return options.balanced ? withEqualClasses(taken, intake) : [...taken.true, ...taken.false];
}

/** Rows file after file, or all of them in random order. */
async function* rowsIn(
  paths: readonly string[],
  selection: TextOptions['selection'],
  rng: Rng,
): AsyncGenerator<FileRow> {
  const rows: FileRow[] = [];
  for (const path of paths) {
    if (selection === 'first') yield* readRows(path);
    else for await (const row of readRows(path)) rows.push(row);
  }
  yield* rng.shuffle(rows);
}

function withEqualClasses(
  taken: Readonly<Record<'true' | 'false', readonly FormattedText[]>>,
  intake: Intake,
): FormattedText[] {
  const count = Math.min(taken.true.length, taken.false.length);
  intake.drop('balancing', unlabelledCategory(true), taken.true.length - count);
  intake.drop('balancing', unlabelledCategory(false), taken.false.length - count);
  return [...taken.true.slice(0, count), ...taken.false.slice(0, count)];
}
