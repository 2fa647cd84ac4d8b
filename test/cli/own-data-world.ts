import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng } from '../../src/core/random.ts';

export interface Backup {
  readonly id: string;
  readonly text: string;
  readonly measurements: readonly boolean[];
  readonly trusted: boolean;
  readonly ground_truth: boolean;
}

/** Logs of backup jobs under the standard column names; fake ones say so in other words than real ones. */
export function backups(): Backup[] {
  const rng = createRng(3, 'backups');
  const log = (words: readonly string[]) =>
    `${rng.choice(words)} ${rng.integer(2, 900)} ${rng.choice(['photos', 'mails'])}.`;
  const real = ['Copied', 'Transferred', 'Stored'];
  const fake = ['Created empty placeholders instead of', 'Skipped the copy and touched'];
  const failed = ['Could not reach the server for'];
  const make = (count: number, trusted: boolean, words: readonly string[], ground_truth: boolean, ...seen: boolean[]) =>
    Array.from({ length: count }, () => ({ text: log(words), trusted, ground_truth, measurements: seen }));
  const rows = [
    ...make(60, true, real, true, true, true),
    ...make(15, true, failed, false, false, false),
    ...make(40, false, real, true, true, true),
    ...make(15, false, fake, false, true, true),
    ...make(12, false, fake, false, true, false),
    ...make(12, false, fake, false, false, true),
    ...make(15, false, failed, false, false, false),
  ];
  return rows.map((row, i) => ({ id: i === 75 ? '=cmd()' : `job-${i + 1}`, ...row }));
}

/** Writes rows as JSON Lines and gives the path. */
export async function writeRows(directory: string, name: string, rows: readonly object[]): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}
