import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { observedCategoryOf } from '../../src/core/own-data.ts';
import { root } from '../cli/run-cli.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';

const run = promisify(execFile);
const folder = join(root, 'examples/coding-agents');
const measurementNames = ['unit_tests', 'edge_tests', 'own_tests', 'pipeline_check'];

type Row = Readonly<Record<string, string>>;

async function rowsOf(name: string): Promise<Row[]> {
  return parse(await readFile(join(folder, name)), { columns: true }) as Row[];
}

let rows: Row[];
let truths: ReadonlyMap<string, Row>;
beforeAll(async () => {
  rows = await rowsOf('outcomes.csv');
  truths = new Map((await rowsOf('outcomes-ground-truth.csv')).map((row) => [row.id as string, row]));
});

function categoryOf(row: Row): string {
  const measurements = measurementNames.map((name) => (row[name] === '' ? null : row[name] === 'true'));
  return observedCategoryOf({ measurements, trusted: row.source === 'human' });
}

describe('the attempts of coding agents', () => {
  it('are what the generator makes, byte by byte', () =>
    inTemporaryDirectory(async (directory) => {
      await run(process.execPath, [join(folder, 'generate.ts'), directory, '12']);
      for (const name of ['outcomes.csv', 'outcomes-ground-truth.csv']) {
        const [made, kept] = await Promise.all([directory, folder].map((place) => readFile(join(place, name), 'utf8')));
        expect(made?.length).toBeGreaterThan(250);
        expect(kept?.startsWith(made as string)).toBe(true);
      }
    }));

  it('have the counts that their readme tells', () => {
    const counts: Record<string, number> = {};
    for (const row of rows) counts[categoryOf(row)] = (counts[categoryOf(row)] ?? 0) + 1;
    expect(counts).toEqual({
      'trusted-positive': 300,
      'trusted-inconsistent': 40,
      'trusted-negative': 100,
      'untrusted-positive': 400,
      'untrusted-inconsistent': 280,
      'untrusted-negative': 80,
    });
    const wrong = rows.filter(({ id }) => truths.get(id as string)?.ground_truth === 'false');
    expect(wrong.filter((row) => categoryOf(row) === 'trusted-positive')).toEqual([]);
    const fakes = wrong.filter((row) => categoryOf(row) === 'untrusted-positive');
    expect(fakes).toHaveLength(100);
    expect(fakes.filter(({ id }) => truths.get(id as string)?.kind === 'plain')).toHaveLength(15);
  });

  it('hold neither the truth nor anything that stands for it', () => {
    expect(Object.keys(rows[0] as Row)).toEqual(['id', 'task', 'source', 'text', ...measurementNames]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1_200);
    expect(new Set(rows.map(({ text }) => text)).size).toBe(1_200);
    expect([...truths.keys()]).toEqual(rows.map(({ id }) => id));
    // In random order: real and fake ones have the same mean place but for chance (within 4 deviations).
    const positives = rows.flatMap((row, i) => (categoryOf(row) === 'untrusted-positive' ? [{ row, i }] : []));
    const fake = positives.filter(({ row }) => truths.get(row.id as string)?.ground_truth === 'false');
    const mean = (places: readonly { i: number }[]) => places.reduce((sum, { i }) => sum + i, 0) / places.length;
    expect(Math.abs(mean(fake) - mean(positives))).toBeLessThan((4 * (1_200 / Math.sqrt(12))) / Math.sqrt(100));
  });

  it('are small enough for the repository', async () => {
    expect((await stat(join(folder, 'outcomes.csv'))).size).toBeLessThan(900_000);
  });
});
