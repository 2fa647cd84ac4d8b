import { type InfoRecord, parse } from 'csv-parse/sync';
import { withoutApostrophe } from '../../core/csv-line.ts';
import { expected, UserError } from '../../core/errors.ts';
import type { ReviewPick } from './review-pick.ts';

/** What came back of a review. */
export interface ReviewAnswers {
  /** Every example that was asked about, answered or not. */
  readonly picked: readonly ReviewPick[];
  /** Whether an example is real, by id; those not answered are absent. */
  readonly answers: ReadonlyMap<string, boolean>;
}

interface Line {
  readonly number: number;
  readonly cell: (column: string) => string;
}

/** Cells that say yes and no, whatever their case. */
const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'real', 'true', '1'].map((word) => [word, true] as const),
  ...['no', 'n', 'fake', 'false', '0'].map((word) => [word, false] as const),
]);

const numberColumns = ['score', 'p_value', 'inclusion_probability'];

/**
 * A review as it comes back: the CSV of `reviewCsv` with its column `real` filled in, with commas, semicolons or tabs, as
 * spreadsheets write it. Accepted are yes/no, y/n, real/fake, true/false and 1/0; an empty cell is not answered.
 * @param text content of the file.
 * @param file its name, for messages. @default 'the review'
 * @throws UserError `unreadable-review` when it is no such table; `bad-answers` naming the line of every answer that is no
 *   answer, and of ids that come twice.
 */
export function readAnswers(text: string, file = 'the review'): ReviewAnswers {
  const lines = linesOf(text, file);
  const problems: string[] = [];
  const firstLines = new Map<string, Line>();
  const picked: ReviewPick[] = [];
  const answers = new Map<string, boolean>();
  for (const line of lines) {
    const pick = pickOf(line);
    const problem = typeof pick === 'string' ? pick : (twice(line, firstLines.get(pick.id)) ?? answerProblem(line));
    if (problem !== undefined) problems.push(`line ${line.number}: ${problem}`);
    if (problem !== undefined || typeof pick === 'string') continue;
    firstLines.set(pick.id, line);
    picked.push(pick);
    const answer = answerOf(line);
    if (answer !== undefined) answers.set(pick.id, answer);
  }
  if (problems.length > 0) throw badAnswers(file, problems);
  return { picked, answers };
}

function linesOf(text: string, file: string): Line[] {
  const [header, ...records] = recordsOf(text, file);
  const names = (header?.record ?? []).map((name) => name.trim().toLowerCase());
  const missing = ['id', 'real', 'why', 'flagged', ...numberColumns].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const next = 'Keep the columns of the review that was written, and fill in only real.';
    throw expected('unreadable-review', file, 'a review', `no column ${missing.join(', ')}`, next);
  }
  return records
    .map(({ record, number }) => ({ number, cell: (column: string) => record[names.indexOf(column)] ?? '' }))
    .filter(({ cell }) => names.some((name) => cell(name).trim() !== ''));
}

/** Cells with the line in which they begin. */
function recordsOf(text: string, file: string): { record: readonly string[]; number: number }[] {
  const delimiter = delimiterOf(text);
  try {
    const options = { bom: true, delimiter, info: true, relax_column_count: true } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: InfoRecord }[];
    return records.map(({ record }, i) => ({ record, number: (records[i - 1]?.info.lines ?? 0) + 1 }));
  } catch (cause) {
    const message = `Expected ${file} to be CSV, got: ${(cause as Error).message}. Save the review as CSV once more.`;
    throw new UserError('unreadable-review', message, { cause });
  }
}

/** The one that the header has most of; no column's name holds any. */
function delimiterOf(text: string): string {
  const header = text.split(/[\r\n]/, 1)[0] as string;
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/** A line's pick, or what is wrong with it. */
function pickOf({ cell }: Line): ReviewPick | string {
  const id = withoutApostrophe(cell('id'));
  const [why, flagged] = [cell('why').trim(), wordOf(cell('flagged'))];
  const [score, pValue, inclusionProbability] = numberColumns.map((column) => numberOf(cell(column))) as [
    number,
    number,
    number,
  ];
  if (id === '') return 'no id';
  if (why !== 'random' && why !== 'uncertain') return `"${why}" as why, which is random or uncertain`;
  if (flagged === undefined) return `"${cell('flagged')}" as flagged, which is yes or no`;
  const wrong = numberColumns.find((column) => Number.isNaN(numberOf(cell(column))));
  if (wrong !== undefined) return `"${cell(wrong)}" as ${wrong}, which is a number`;
  return { id, why, inclusionProbability, score, pValue, flagged };
}

/** A number, with the comma that some spreadsheets write; NaN where it is none. */
function numberOf(cell: string): number {
  return cell.trim() === '' ? Number.NaN : Number(cell.trim().replace(',', '.'));
}

function twice(line: Line, first: Line | undefined): string | undefined {
  if (first === undefined) return undefined;
  const [before, now] = [answerOf(first), answerOf(line)];
  const contradictory = before !== undefined && now !== undefined && before !== now;
  const again = `the id ${withoutApostrophe(line.cell('id'))} of line ${first.number} again`;
  return contradictory ? `${again}, with the contrary answer` : again;
}

function answerOf({ cell }: Line): boolean | undefined {
  return wordOf(cell('real'));
}

function wordOf(cell: string): boolean | undefined {
  return words.get(cell.trim().toLowerCase());
}

function answerProblem(line: Line): string | undefined {
  const answer = line.cell('real').trim();
  return answer === '' || answerOf(line) !== undefined ? undefined : `"${answer}" as real, which is yes or no`;
}

const mostShown = 20;

function badAnswers(file: string, problems: readonly string[]): UserError {
  const more = problems.length > mostShown ? `; and ${problems.length - mostShown} more` : '';
  const got = problems.slice(0, mostShown).join('; ') + more;
  const next = 'Answer yes (real), no (fake) or nothing, once for each id.';
  return new UserError('bad-answers', `Expected the answers in ${file} to be readable, got ${got}. ${next}`);
}
