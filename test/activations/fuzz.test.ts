import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMatrix } from '../../src/activations/layer-rows.ts';
import { openArrayFile } from '../../src/activations/open-array-file.ts';
import { UserError } from '../../src/core/errors.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { flipped, spliced, truncated } from '../mutations.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-fuzz-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const golden = (name: string) => readFile(join(import.meta.dirname, '../golden/activations', name));
const shapes = [
  '(9007199254740992, 3)',
  '(-1, 3)',
  '(5, 1e9)',
  '(0, 99999999999999)',
  '()',
  '(5,)',
  '(3, 5)',
  '(5, 3',
  '',
];
const dtypes = ['<f8', '<f2', '<f4', '>f4', '<U999999999', '|S0', '<i8', '|O', '<c8'];

/** An array whose header says something else. */
function lyingNpy(bytes: Uint8Array, rng: Rng): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const lied = rng.chance(0.5)
    ? text.replace(/\([\d, ]*\)/, rng.choice(shapes))
    : text.replace(/(['"]descr['"]: )'[^']*'/, `$1'${rng.choice(dtypes)}'`);
  const copy = Buffer.from(lied, 'latin1');
  if (rng.chance(0.2)) copy.writeUInt16LE(rng.choice([0, 1, 118, 65_535]), 8);
  return copy;
}

/** Numbers of the directory and of the entries' headers, where sizes, offsets and methods stand. */
function lyingZip(bytes: Uint8Array, rng: Rng): Uint8Array {
  const copy = Buffer.from(bytes);
  const signatures = ['PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006'];
  const starts = signatures.flatMap((signature) => placesOf(copy, signature));
  for (let k = rng.integer(1, 3); k > 0; k--) {
    const at = rng.choice(starts) + 4 + 2 * rng.integer(0, 20);
    if (at + 4 > copy.length) continue;
    if (rng.chance(0.5)) copy.writeUInt32LE(rng.choice([0, 1, 0x7fffffff, 0xffffffff, 100_000_000]), at);
    else copy.writeUInt16LE(rng.choice([0, 1, 8, 9, 0xffff]), at);
  }
  return copy;
}

function placesOf(bytes: Buffer, signature: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(signature, 0, 'latin1'); at >= 0; at = bytes.indexOf(signature, at + 1, 'latin1')) {
    places.push(at);
  }
  return places;
}

async function readAll(path: string): Promise<void> {
  const file = await openArrayFile(path);
  try {
    for (const name of file.names) {
      await file.rows([name]).then(readMatrix).catch(requireUserError);
      await file.ids(name).catch(requireUserError);
    }
  } finally {
    await file.close();
  }
}

function requireUserError(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
}

const files = async () => ({
  npy: await Promise.all(['f4.npy', 'f8-fortran.npy', 'f4-version-3.npy', 'ids-unicode.npy'].map(golden)),
  npz: await Promise.all(['stored.npz', 'deflated.npz'].map(golden)),
  parquet: [
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', data: ['a', 'b', 'c', 'd'], type: 'STRING' },
          { name: 'x', data: Float32Array.of(1, 2, 3, 4), type: 'FLOAT' },
        ],
        rowGroupSize: 3,
      }),
    ),
  ],
});

describe('damaged files of arrays', () => {
  it.each([
    { format: 'npy' as const, count: 2500, damages: [flipped, truncated, spliced, lyingNpy, lyingNpy] },
    { format: 'npz' as const, count: 2500, damages: [flipped, truncated, spliced, lyingZip, lyingZip] },
    // Cut short only: the library that reads Parquet trusts the headers of its pages.
    { format: 'parquet' as const, count: 500, damages: [truncated] },
  ])('$format: read or refused by name, without crash or large allocation', async ({ format, count, damages }) => {
    const originals = (await files())[format];
    const rng = createRng(2, 'fuzz', format);
    const path = join(directory, `damaged.${format}`);
    const outcomes = { opened: 0, refused: 0 };
    const before = process.resourceUsage().maxRSS;
    for (let i = 0; i < count; i++) {
      const original = new Uint8Array(rng.choice(originals));
      await writeFile(path, rng.choice(damages)(original, rng));
      try {
        await readAll(path);
        outcomes.opened++;
      } catch (error) {
        outcomes.refused++;
        expect(error).toBeInstanceOf(UserError);
        expect((error as Error).message).toContain(`damaged.${format}`);
      }
    }
    if (damages.length > 1) expect(outcomes.opened).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(400);
    // Kibibytes: the files have less than one.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(300 * 1024);
  });
});
