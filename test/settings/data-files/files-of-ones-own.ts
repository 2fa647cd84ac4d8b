import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach } from 'vitest';
import type { Dataset, Setting } from '../../../src/core/settings.ts';

export interface OwnFiles {
  /** Made before each test and removed after it. */
  readonly directory: string;
  /** Writes a file below it: rows as its ending says, or text as it stands. */
  write(path: string, content: string | readonly Readonly<Record<string, unknown>>[]): void;
}

/** A directory of a test's own. */
export function ownFiles(): OwnFiles {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'touchstone-files-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  return {
    get directory() {
      return directory;
    },
    write(path, content) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : encoded(path, content));
    },
  };
}

/** A setting's dataset from a directory, with options as a person writes them. */
export function loadFrom<Options>(
  setting: Setting<Options>,
  directory: string,
  options: object = {},
  seed = 0,
): Promise<Dataset> {
  const signal = new AbortController().signal;
  return setting.load(setting.options.parse(options), { seed, threads: 1, progress: () => {}, signal, directory });
}

function encoded(path: string, rows: readonly Readonly<Record<string, unknown>>[]): string | Uint8Array {
  if (path.endsWith('.json')) return JSON.stringify(rows);
  if (path.endsWith('.jsonl')) return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const names = Object.keys(rows[0] ?? {});
  if (path.endsWith('.csv')) {
    const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
    return [names, ...rows.map((row) => names.map((name) => row[name]))]
      .map((line) => `${line.map(cell).join(',')}\n`)
      .join('');
  }
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 7 }));
}
