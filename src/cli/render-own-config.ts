import type { MappingGuess } from '../own-data/guess-mapping.ts';

interface Key {
  readonly key: string;
  /** What it means, a line each. */
  readonly about: readonly string[];
  /** A value to show where none is guessed. */
  readonly example: string;
}

const keys: readonly Key[] = [
  { key: 'id', about: ['A name of its own for each row. Left out: the line.'], example: 'id' },
  { key: 'text', about: ['What the model reads: what was done, not what is said of it.'], example: 'text' },
  {
    key: 'messages',
    about: ['Chat messages [{role, content}], read as one text. Instead of text.'],
    example: 'messages',
  },
  {
    key: 'measurements',
    about: [
      'Each says true when the outcome of interest seems to have happened: tests, graders, sensors. Columns of true and',
      'false (also 0 and 1, pass and fail, yes and no), or one column that holds a list or a mapping; empty = not measured.',
    ],
    example: '[tests_pass, reviewer_agrees]',
  },
  {
    key: 'trusted',
    about: ['True where it is known that nobody tampered with the measurements.'],
    example: 'trusted',
  },
  {
    key: 'trustedWhere',
    about: ['Or a rule in its place: == != < <= > >=, in [..], and, or, not, `names with spaces`, nested.names.'],
    example: 'source == "human"',
  },
  {
    key: 'groundTruth',
    about: ['Whether the outcome really happened, where you know it. It only judges: nothing learns from it.'],
    example: 'ground_truth',
  },
  { key: 'group', about: ['What rows share, such as a task: rows of one group are never split.'], example: 'task_id' },
];

/** A commented config for some data, by what was guessed of its columns. @param data the data as seen from the config */
export function renderOwnConfig(guess: MappingGuess, data: string): string {
  return [
    ...comment(
      `Touchstone config for ${JSON.stringify(data)}, guessed from its first ${guess.rows} rows. Check it, then run`,
    ),
    ...comment(
      '"touchstone inspect" and "touchstone detect" with this file. Lines that begin with "# key:" are examples.',
    ),
    '',
    ...comment('A JSONL, JSON, CSV, TSV or Parquet file (.gz too), or a directory of them; from where this file lies.'),
    `data: ${scalar(data)}`,
    '',
    ...comment('Which column holds what.'),
    'columns:',
    ...keys.flatMap((key) => keyLines(key, guess)),
    ...otherLines(guess),
    '',
    ...further,
    '',
  ].join('\n');
}

function keyLines({ key, about, example }: Key, guess: MappingGuess): string[] {
  const value = guess.columns[key as keyof MappingGuess['columns']];
  const reason = guess.reasons[key as keyof MappingGuess['reasons']];
  const lines = about.map((line) => `  # ${line}`);
  if (value !== undefined && value.length > 0) {
    return [...lines, `  # Guessed: ${reason}.`, `  ${key}: ${flow(value)}`, ''];
  }
  const shown = key === 'trustedWhere' ? single(guess.suggestedRule ?? example) : example;
  return [...lines, `  # ${key}: ${shown}`, ''];
}

function otherLines({ others }: MappingGuess): string[] {
  if (others.length === 0) return [];
  const shown = others.slice(0, 50).map(({ name, looks }) => {
    return `  #   ${JSON.stringify(name)}${looks === undefined ? '' : `: ${looks}`}`;
  });
  const more = others.length > shown.length ? [`  #   and ${others.length - shown.length} more`] : [];
  return ['  # Columns that are not used:', ...shown, ...more];
}

const further: readonly string[] = [
  '# Share of rows that may be unreadable before reading stops. Those that are stand in a file beside the results.',
  'maxRejected: 0.01',
  '',
  '# Share of real positives that may be flagged by mistake: what an alarm costs.',
  'alarm: 0.05',
  '',
  '# What texts are read with. Left out: the encoder that comes with the package.',
  '# model: { source: universal-sentence-encoder-lite }',
  '',
  '# Techniques that score, by id ("touchstone list techniques"), the first for the alarm; auto chooses by the data.',
  'techniques: auto',
  '',
  '# The same seed gives the same scores.',
  'seed: 0',
  '',
  '# Measurements out of test reports, each named by the example that it speaks of.',
  '# results:',
  '#   - { format: junit, path: "reports/{id}/junit.xml" }',
  '',
  '# Activations made elsewhere, in place of reading texts: a row for each id.',
  '# activations:',
  '#   layers: [{ layer: 6, path: layer-6.npy }]',
  '#   ids: { path: ids.txt }',
];

function comment(text: string): string[] {
  return [`# ${text}`];
}

function flow(value: string | readonly string[]): string {
  return typeof value === 'string' ? scalar(value) : `[${value.map(scalar).join(', ')}]`;
}

/** In single quotes, which YAML reads as they stand. */
function single(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Bare where that is plain text in YAML, else quoted as JSON, which YAML reads too. */
function scalar(text: string): string {
  const isReserved = /^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return /^[A-Za-z_][\w./-]*$/.test(text) && !isReserved ? text : JSON.stringify(text);
}
