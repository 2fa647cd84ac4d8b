import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expected } from '../core/errors.ts';
import { writeWhole } from '../core/write-whole.ts';
import { asDiskFault } from '../experiments/store.ts';
import { guessMapping, type MappingGuess } from '../own-data/guess-mapping.ts';
import { renderOwnConfig } from './render-own-config.ts';

export interface InitFlags {
  readonly force?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/**
 * Writes a commented config beside some data and says what it guessed.
 * @throws UserError `config-exists` when there is one already, unless forced.
 */
export async function initData(path: string, { force, json, quiet }: InitFlags): Promise<void> {
  const guess = await guessMapping(path);
  const data = resolve(path);
  const config = join(dirname(data), `${stemOf(data)}.touchstone.yaml`);
  const shown = relative('.', config) || config;
  if (existsSync(config) && force !== true) {
    throw expected('config-exists', shown, 'free to be written', 'a file', 'Use it, or write over it with --force.');
  }
  await writeWhole(config, renderOwnConfig(guess, basename(data))).catch((error: unknown) => {
    throw asDiskFault(error, shown);
  });
  const warnings = warningsOn(guess);
  const next = `touchstone inspect ${quoted(shown)}`;
  if (json) console.log(JSON.stringify({ config: shown, data: path, ...guess, warnings, next }, null, 2));
  else if (!quiet) console.log(summaryOf(guess, shown, warnings, next));
}

/** `outcomes` of `runs/outcomes.jsonl.gz`, as the commands that read it look for it. */
function stemOf(path: string): string {
  const name = basename(path);
  return name.replace(/(\.(jsonl?|csv|tsv|parquet))?(\.gz)?$/i, '') || name;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function warningsOn({ columns, faults, rows, suggestedRule, others }: MappingGuess): string[] {
  const warnings: string[] = [];
  if (faults > 0) warnings.push(`${faults} of ${rows} rows cannot be read; inspect and detect say which and why.`);
  if (columns.text === undefined && columns.messages === undefined) {
    warnings.push('No column looks like text or chat messages: name one as columns.text or columns.messages.');
  }
  if (columns.measurements.length === 0) {
    warnings.push('No column holds only true and false: name the measurements as columns.measurements.');
  }
  if (columns.trusted === undefined) warnings.push(untrustedText(suggestedRule));
  const secret = others.filter(({ looks }) => looks?.startsWith('may be ground truth')).map(({ name }) => name);
  if (secret.length > 0) warnings.push(`Left out, for they may be ground truth: ${secret.join(', ')}.`);
  return warnings;
}

function untrustedText(rule: string | undefined): string {
  const how = rule === undefined ? 'columns.trusted or columns.trustedWhere' : `columns.trustedWhere, perhaps ${rule}`;
  return `No column says which rows are trusted. Without trusted positives there is nothing to set an alarm by, and little can be told of the rest. If some are known to be untampered, say so with ${how}; if not, checking a few hundred by hand is the best start.`;
}

function summaryOf(
  { rows, columns, reasons }: MappingGuess,
  config: string,
  warnings: readonly string[],
  next: string,
) {
  const lines = Object.entries(columns)
    .filter(([, value]) => value.length > 0)
    .map(([key, value]) => {
      const names = typeof value === 'string' ? value : value.join(', ');
      return `  ${key.padEnd(13)} ${names}   (${reasons[key as keyof typeof reasons]})`;
    });
  return [
    `Looked at ${rows} rows and guessed:`,
    ...lines,
    '',
    ...warnings.flatMap((warning) => [`! ${warning}`, '']),
    `Wrote ${config}. Check it, then:`,
    `  ${next}`,
  ].join('\n');
}
