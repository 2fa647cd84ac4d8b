import { Buffer } from 'node:buffer';
import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { OwnExample, RejectedRow } from '../core/own-data.ts';
import { cutRow, type ScannedRow, scanRows } from '../data-files/scan-rows.ts';
import { arrangeMeasurements, knownInRows } from './arrange-measurements.ts';
import { cellAt } from './column-path.ts';
import { createRowMapper, mappedColumns, type RowMapper } from './create-row-mapper.ts';
import { createSeenIds } from './create-seen-ids.ts';
import { dataFilesAt } from './data-files-at.ts';
import { missingParts, type OwnDataConfig } from './own-data-config.ts';
import { RowFault } from './row-fault.ts';
import { readTestReports, type TestReports } from './test-reports/read-test-reports.ts';

export interface ReadOwnOptions {
  readonly signal?: AbortSignal;
  /** What the measurements are called, and no others. @default learned from the rows */
  readonly measurementNames?: readonly string[];
  /** Whether a row whose id another one had is rejected, which costs up to 32 bytes for each row. @default true */
  readonly distinctIds?: boolean;
  /** Whether the data may lack mapped columns other than id and text or messages, as new data often do. @default false */
  readonly partial?: boolean;
}

/** A user's rows, opened. */
export interface OpenOwnRows {
  /** Examples with the measurements that stand in their rows; rejected test reports come first. */
  rows(): AsyncGenerator<OwnExample | RejectedRow>;
  /** Names of the measurements of the rows read so far, and of test reports. */
  measurementNames(): readonly string[];
  /** The example with all measurements of those names. */
  complete(example: OwnExample): OwnExample;
  /** @throws UserError `no-such-column` naming mapped columns that no row so far had. */
  requireColumns(): void;
  readonly files: readonly string[];
  readonly reports: TestReports | undefined;
}

/** @throws UserError `no-such-data` when there is no file of data; as reading test reports does. */
export async function openOwnRows(config: OwnDataConfig, options: ReadOwnOptions = {}): Promise<OpenOwnRows> {
  const { data, results } = config;
  const known = options.measurementNames;
  const [missing] = missingParts(config);
  if (missing !== undefined) throw new UserError('bad-config', `${missing.path.join('.')}: ${missing.message}.`);
  const files = dataFilesAt(data);
  const reports = results.length > 0 ? await readTestReports(results, dirname(resolve(data))) : undefined;
  const mapper = createRowMapper(config.columns, knownInRows(known, reports));
  const { names, arrange } = arrangeMeasurements(mapper.measurements, reports, known);
  const columns = createColumnWatch(config, options.partial ? 'input' : 'all');
  return {
    files,
    reports,
    async *rows() {
      yield* reports?.rejected ?? [];
      yield* readAll(config, files, mapper, columns, options);
    },
    measurementNames: names,
    complete: (example) => ({ ...example, measurements: arrange(example.id, example.measurements) }),
    requireColumns: columns.require,
  };
}

async function* readAll(
  { data }: OwnDataConfig,
  files: readonly string[],
  mapper: RowMapper,
  columns: ColumnWatch,
  { signal, distinctIds = true }: ReadOwnOptions,
): AsyncGenerator<OwnExample | RejectedRow> {
  const isDirectory = statSync(data).isDirectory();
  const folder = isDirectory ? data : dirname(data);
  const names = files.map((path) => relative(folder, path).replaceAll('\\', '/'));
  const requireNew = distinctIds ? createIdCheck(names) : () => undefined;
  for (const [f, path] of files.entries()) {
    const file = names[f] as string;
    for await (const row of scanRows(path)) {
      signal?.throwIfAborted();
      if ('fault' in row) yield { file, line: row.line, reason: row.fault, raw: row.raw };
      else {
        columns.see(row);
        const place = isDirectory ? `${file}:${row.line}` : `line-${row.line}`;
        yield mapped(row, file, (cells) => {
          const example = detached(mapper.map(cells, place), row.raw);
          requireNew(example.id, f, row.line);
          return example;
        });
      }
    }
  }
  columns.require();
}

function mapped(
  row: ScannedRow & { readonly cells: unknown },
  file: string,
  map: (cells: unknown) => OwnExample,
): OwnExample | RejectedRow {
  try {
    return map(row.cells);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { file, line: row.line, reason: error.message, raw: cutRow(row.raw ?? asText(row.cells)) };
  }
}

function asText(cells: unknown): string {
  return JSON.stringify(cells, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)) ?? '';
}

/** Texts that are slices of a long row keep all of it in memory; these do not. */
function detached(example: OwnExample, raw = ''): OwnExample {
  const { id, text, group } = example;
  if (raw.length < 2 * text.length + 200) return example;
  return { ...example, id: copy(id), text: copy(text), ...(group !== undefined && { group: copy(group) }) };
}

function copy(text: string): string {
  return Buffer.from(text).toString();
}

function createIdCheck(names: readonly string[]): (id: string, file: number, line: number) => void {
  const seen = createSeenIds();
  const linesPerFile = 2 ** 36;
  return (id, file, line) => {
    const first = seen.firstOf(id, file * linesPerFile + line);
    if (first === undefined) return;
    const where = names.length > 1 ? ` of ${names[Math.floor(first / linesPerFile)]}` : '';
    throw new RowFault(`id "${id}" is that of line ${first % linesPerFile}${where}`);
  };
}

interface ColumnWatch {
  see(row: { readonly cells: unknown; readonly columns?: readonly string[] }): void;
  require(): void;
}

function createColumnWatch({ data, columns }: OwnDataConfig, which: 'all' | 'input'): ColumnWatch {
  const missing = new Map(mappedColumns(columns, which));
  let rows = 0;
  let has: readonly string[] = [];
  return {
    see({ cells, columns: header }) {
      if (rows++ === 0 && typeof cells === 'object' && cells !== null) has = header ?? Object.keys(cells);
      for (const [name, path] of missing) {
        if (header?.includes(name) || cellAt(cells, path) !== undefined) missing.delete(name);
      }
    },
    require() {
      if (rows === 0 || missing.size === 0) return;
      const names = [...missing.keys()].map((name) => `"${name}"`).join(', ');
      const got = `nothing of ${missing.size === 1 ? 'that name' : 'those names'} in ${rows} rows`;
      const next = `Its first row has ${has.slice(0, 30).join(', ')}: mend columns in the config.`;
      throw new UserError('no-such-column', `Expected ${basename(data)} to have ${names}, got ${got}. ${next}`);
    },
  };
}
