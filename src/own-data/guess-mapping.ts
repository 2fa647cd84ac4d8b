import { mayBeContrary, mayBeGroundTruth, snake } from './may-be-ground-truth.ts';
import type { OwnColumns } from './own-data-config.ts';
import { type ColumnSurvey, type DataSurvey, surveyColumns } from './survey-columns.ts';

type Role = Exclude<keyof OwnColumns, 'trustedWhere'>;

/** Which column seems to hold what. */
export interface MappingGuess {
  /** Rows that were looked at, and those of them that cannot be read. */
  readonly rows: number;
  readonly faults: number;
  readonly columns: Partial<Readonly<Record<Exclude<Role, 'measurements'>, string>>> & {
    readonly measurements: string | readonly string[];
  };
  /** Why, in half a sentence each. */
  readonly reasons: Partial<Readonly<Record<Role, string>>>;
  /** Columns that stand for nothing, with what they look like where that matters. */
  readonly others: readonly { readonly name: string; readonly looks?: string }[];
  /** A rule for trust that the data's words suggest; only a person can know. */
  readonly suggestedRule?: string;
}

const words = {
  trusted: /^(is_?)?(trusted|verified|human_?verified|audited|vetted|clean)$/,
  id: /^(id|_id|uid|uuid|key|index|(example|sample|row|record|run)_?id)$/,
  group: /^(group|task|problem|repo|repository|project|template|cluster|user|session|episode)(_?(id|name|key))?$/,
  measurements: /^(measurements|measured|tests|test_results|checks|results|outcomes|passes|sensors)$/,
  text: /^(text|transcript|trajectory|solution|response|completion|output|answer|code|content|prompt|input|question)$/,
  source: /^(source|origin|annotator|reviewer|author|labell?er|split|provenance)$/,
};

/**
 * Guesses from the first rows which column holds what, by names and contents. What may be ground truth is never taken for a
 * measurement.
 * @throws UserError as looking at the data does.
 */
export async function guessMapping(path: string): Promise<MappingGuess> {
  return guessFrom(await surveyColumns(path));
}

function guessFrom({ rows, faults, columns: surveyed }: DataSurvey): MappingGuess {
  const columns = mappable(surveyed);
  const taken = new Set<string>();
  const reasons: Partial<Record<Role, string>> = {};
  const take = (role: Role, column: ColumnSurvey | undefined, reason: string): string | undefined => {
    if (column === undefined) return undefined;
    taken.add(column.name);
    reasons[role] = reason;
    return column.name;
  };
  const free = (test: (column: ColumnSurvey) => boolean) => columns.filter((one) => !taken.has(one.name) && test(one));
  const truthLike = free(({ name }) => mayBeGroundTruth(name));
  const groundTruth = take(
    'groundTruth',
    truthLike.find((one) => isTruth(one) && !mayBeContrary(one.name)),
    'by its name, and it holds true and false',
  );
  for (const { name } of truthLike) taken.add(name);
  const trusted = take(
    'trusted',
    free(isTruth).find((one) => isCalled(one, words.trusted)),
    'by its name, and it holds true and false',
  );
  const id = take('id', idAmong(free(isName), rows - faults), 'it is different in each row');
  const chat = free(({ chats, present }) => chats > 0 && chats === present)[0];
  const messages = take('messages', chat, 'it holds lists of {role, content}');
  const measurements = measurementsAmong(free, take, reasons, taken);
  const text = messages === undefined ? take('text', textAmong(free(isText)), textReason) : undefined;
  const group = take('group', groupAmong(free(isName), rows), 'by its name, and several rows share a value');
  const named = { id, text, messages, trusted, groundTruth, group };
  const rule = trusted === undefined ? ruleAmong(columns.filter(({ name }) => !mayBeGroundTruth(name))) : undefined;
  const others = columns.filter(({ name }) => ![...Object.values(named), ...measurements].includes(name));
  return {
    rows,
    faults,
    columns: {
      ...present(named),
      measurements: measurements.length === 1 ? (measurements[0] as string) : measurements,
    },
    reasons,
    others: others.map((column) => ({ name: column.name, ...looksOf(column) })),
    ...(rule !== undefined && { suggestedRule: rule }),
  };
}

/** Of a mapping and the cells within it one or the other: the mapping where all within it may be measurements. */
function mappable(columns: readonly ColumnSurvey[]): readonly ColumnSurvey[] {
  const secret = new Set(columns.filter(({ name }) => mayBeGroundTruth(name)).map(({ within }) => within));
  const split = new Set<string | undefined>(
    columns.filter((one) => one.mappings > 0 && (!isList(one) || secret.has(one.name))).map(({ name }) => name),
  );
  const whole = new Set<string | undefined>(
    columns.filter(({ name, mappings }) => mappings > 0 && !split.has(name)).map(({ name }) => name),
  );
  return columns.filter(({ name, within }) => !split.has(name) && (within === undefined || !whole.has(within)));
}

function isList({ truthLists, truths, present }: ColumnSurvey): boolean {
  return truthLists > 0 && truthLists + truths === present;
}

const textReason = 'it holds text, and the name or the length speaks for it';

type Take = (role: Role, column: ColumnSurvey | undefined, reason: string) => string | undefined;
type Free = (test: (column: ColumnSurvey) => boolean) => readonly ColumnSurvey[];

/** One column of lists, by its name rather than by its content, else every column of truth values. */
function measurementsAmong(
  free: Free,
  take: Take,
  reasons: Partial<Record<Role, string>>,
  taken: Set<string>,
): readonly string[] {
  const lists = free(isList);
  const list = lists.find((column) => isCalled(column, words.measurements)) ?? lists[0];
  const name = take('measurements', list, 'it holds lists or mappings of true and false');
  if (name !== undefined) return [name];
  const truths = free((column) => isTruth(column) && !isCalled(column, words.id) && !isCalled(column, words.group));
  if (truths.length === 0) return [];
  for (const column of truths) taken.add(column.name);
  reasons.measurements = truths.length === 1 ? 'it holds true and false' : 'they hold true and false';
  return truths.map((column) => column.name);
}

/** The last part of its name speaks. */
function isCalled({ name }: ColumnSurvey, form: RegExp): boolean {
  return form.test(snake(name.split('.').at(-1) as string));
}

function isTruth({ truths, present, values }: ColumnSurvey): boolean {
  const isKnown = [...values].some((value) => !/^(null|none|nan|na|n\/a|skip|skipped)$/i.test(value));
  return present > 0 && truths === present && isKnown;
}

function isName({ names, present }: ColumnSurvey): boolean {
  return present > 0 && names === present;
}

function isText({ texts, truths, present }: ColumnSurvey): boolean {
  return texts > 0 && texts + truths === present;
}

function idAmong(columns: readonly ColumnSurvey[], rows: number): ColumnSurvey | undefined {
  const distinct = columns.filter(({ values, present, meanLength }) => {
    return present === rows && values.size === Math.min(rows, 1000) && meanLength <= 100;
  });
  const named = distinct.find((column) => isCalled(column, words.id));
  return named ?? distinct.find(({ name }) => /_id$/.test(snake(name)));
}

function textAmong(columns: readonly ColumnSurvey[]): ColumnSurvey | undefined {
  const long = columns.filter((column) => column.meanLength >= 12 || isCalled(column, words.text));
  const byLength = [...long].sort((a, b) => b.meanLength - a.meanLength);
  return (
    long.find(({ name }) => snake(name) === 'text') ?? byLength.find((one) => isCalled(one, words.text)) ?? byLength[0]
  );
}

function groupAmong(columns: readonly ColumnSurvey[], rows: number): ColumnSurvey | undefined {
  const shared = columns.filter(
    ({ values, present }) => present > rows / 2 && values.size > 1 && values.size < present,
  );
  return shared.find((column) => isCalled(column, words.group));
}

const named = /human|person|manual|expert|gold|trusted/i;
const otherThan = /(^|[^a-z])(un|non|not|no)([^a-z]|human|person|manual|expert|gold|trusted)/i;

/** Of a column that says where rows come from, a value that sounds like people. */
function ruleAmong(columns: readonly ColumnSurvey[]): string | undefined {
  const source = columns.find((column) => isCalled(column, words.source) && isName(column) && column.values.size <= 20);
  if (source === undefined) return undefined;
  const people = [...source.values].find((value) => named.test(value) && !otherThan.test(value));
  if (people === undefined) return undefined;
  const name = source.name.split('.').map((part) => (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part) ? part : `\`${part}\``));
  return `${name.join('.')} == ${JSON.stringify(people)}`;
}

function looksOf(column: ColumnSurvey): { readonly looks?: string } {
  if (mayBeGroundTruth(column.name)) return { looks: 'may be ground truth, so it is no measurement' };
  if (isTruth(column)) return { looks: 'true and false' };
  if (isText(column) && column.meanLength >= 12)
    return { looks: `text of ${Math.round(column.meanLength)} characters` };
  return {};
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
