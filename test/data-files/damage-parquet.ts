import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { UserError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/random.ts';
import { scanRows } from '../../src/data-files/scan-rows.ts';

/** A sound file of 60 rows in three row groups. */
export function wholeParquet(): Uint8Array {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  const columnData = [
    { name: 'id', data: rows.map((i) => `row-${i}`) },
    { name: 'text', data: rows.map((i) => ['a text', 'another', 'a third'][i % 3] as string) },
    { name: 'measured', data: rows.map((i) => i % 2 === 0) },
    { name: 'number', data: rows.map((i) => (i % 5 === 0 ? null : i / 3)) },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 20 }));
}

/** That file again and again, each time with one to three of its bytes changed. */
export function* damages(count: number): Generator<Uint8Array> {
  const whole = wholeParquet();
  const rng = createRng(5, 'damage');
  for (let trial = 0; trial < count; trial++) {
    const bytes = whole.slice();
    for (let i = 0; i <= trial % 3; i++) bytes[rng.integer(0, bytes.length - 1)] = rng.integer(0, 255);
    yield bytes;
  }
}

/** How many rows some bytes have as a Parquet file, or why they have none; any other fault is thrown. */
export async function scanBytes(directory: string, bytes: Uint8Array): Promise<number | UserError> {
  const path = join(directory, 'a.parquet');
  writeFileSync(path, bytes);
  let count = 0;
  try {
    for await (const _ of scanRows(path)) count++;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return count;
}
