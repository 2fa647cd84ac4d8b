/**
 * Rows of users' and published files, one after the other, so that a few thousand rows of a large file cost no more than
 * they are: Parquet by row group, JSON Lines and CSV as streams (`.gz` too), JSON arrays whole.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { TouchstoneError, UserError } from '../core/errors.ts';

/** A row of a file. */
export interface FileRow {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** From 1; a header line is not counted. */
  readonly number: number;
  /** Cells by column; those of CSV and TSV are text, and absent where they are empty. */
  readonly cells: unknown;
}

/** Whether a file is of a kind that {@link readRows} reads, by its name. */
export function isDataFile(path: string): boolean {
  return /\.(parquet|(jsonl|json|csv|tsv)(\.gz)?)$/i.test(path);
}

/**
 * Rows in order.
 * @throws UserError `unreadable-data` naming the file, and the line where there is one, when it is not what its name says.
 */
export async function* readRows(path: string): AsyncGenerator<FileRow> {
  const file = basename(path);
  let number = 0;
  for await (const cells of cellsOf(path)) yield { file, number: ++number, cells };
}

function cellsOf(path: string): AsyncIterable<unknown> {
  const plain = path.toLowerCase().replace(/\.gz$/, '');
  if (plain.endsWith('.parquet')) return parquetCells(path);
  if (plain.endsWith('.jsonl')) return jsonLines(path);
  return plain.endsWith('.json') ? jsonCells(path) : separatedCells(path, plain.endsWith('.tsv') ? '\t' : ',');
}

async function* parquetCells(path: string): AsyncGenerator<unknown> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      yield* await parquetReadObjects({ file, metadata, rowStart, rowEnd });
      rowStart = rowEnd;
    }
  } catch (cause) {
    throw unreadable(path, 'Parquet', cause);
  }
}

async function* jsonLines(path: string): AsyncGenerator<unknown> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
    // A file of this name may hold an array all the same.
    if (number === 1 && text.trimStart().startsWith('[')) return yield* jsonCells(path);
    if (text.trim() !== '') yield parseJson(text, `${path}, line ${number}`);
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = contentOf(path).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of input) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      yield* lines;
    }
    yield rest;
  } catch (cause) {
    throw unreadable(path, 'text', cause);
  } finally {
    input.destroy();
  }
}

/** A JSON array, or one object per line under a name that promises an array. */
async function* jsonCells(path: string): AsyncGenerator<unknown> {
  const text = (await textOf(path)).replace(/^\ufeff/, '');
  if (text.trimStart().startsWith('[')) return yield* parseJson(text, path) as unknown[];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() !== '') yield parseJson(line, `${path}, line ${i + 1}`);
  }
}

async function* separatedCells(path: string, delimiter: string): AsyncGenerator<unknown> {
  const parser = parse({ delimiter, bom: true, columns: distinctNames, skip_empty_lines: true });
  const input = contentOf(path);
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const record of input.pipe(parser)) {
      yield Object.fromEntries(Object.entries(record as Record<string, string>).filter(([, cell]) => cell !== ''));
    }
  } catch (cause) {
    throw unreadable(path, delimiter === ',' ? 'CSV' : 'TSV', cause);
  } finally {
    input.destroy();
  }
}

function distinctNames(names: string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`two columns of the name "${twice}"`);
  return names;
}

function contentOf(path: string): Readable {
  const bytes = createReadStream(path);
  if (!path.toLowerCase().endsWith('.gz')) return bytes;
  const plain = createGunzip();
  bytes.on('error', (error) => plain.destroy(error));
  return bytes.pipe(plain);
}

async function textOf(path: string): Promise<string> {
  const lines: string[] = [];
  for await (const line of linesOf(path)) lines.push(line);
  return lines.join('\n');
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(where, 'JSON', cause);
  }
}

function unreadable(where: string, kind: string, cause: unknown): TouchstoneError {
  if (cause instanceof TouchstoneError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Expected ${where} to be readable as ${kind}, got: ${reason}. Mend or download it again.`;
  return new UserError('unreadable-data', message, { cause });
}
