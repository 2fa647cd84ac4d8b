/**
 * Throughput and peak memory of recorded activations: `node bench/activations.ts [rows=1000000] [columns=512] [dtype=F32]`.
 * Writes rows × columns values of one layer to a temporary directory, streams them back, and reads 2,000 examples at random;
 * prints one JSON object. Needs rows × columns × 4 bytes of disk, half for F16. Reads come from the page cache where it
 * holds the files.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivationBatch } from '../src/activations/activation-batch.ts';
import { openActivations } from '../src/activations/open-activations.ts';
import { recordActivations } from '../src/activations/record-activations.ts';
import { createRng } from '../src/core/random.ts';

const [rows = 1_000_000, columns = 512] = process.argv.slice(2, 4).map(Number);
const dtype = process.argv[4] === 'F16' ? 'F16' : 'F32';
const megabytes = (rows * columns * (dtype === 'F16' ? 2 : 4)) / 1e6;
const batchRows = 1024;
const layer = 6;
const rng = createRng(0, 'bench-activations');
const values = Float32Array.from({ length: batchRows * columns }, () => rng.normal());

const directory = await mkdtemp(join(tmpdir(), 'touchstone-bench-'));
try {
  const target = join(directory, 'activations');
  const write = await seconds(() =>
    recordActivations(target, batches(), { layers: new Map([[layer, columns]]), dtype }),
  );
  const open = await seconds(() => openActivations(target));
  const source = open.result.layer(layer);
  const stream = await seconds(async () => {
    let [row, seen] = [0, 0];
    for await (const chunk of source.chunks()) {
      // The first value of a row is its number modulo 1,024, which F16 holds exactly.
      for (let i = 0; i < chunk.length; i += columns) if (chunk[i] === row++ % batchRows) seen++;
    }
    return seen;
  });
  const picks = Array.from({ length: 2000 }, () => rng.integer(0, rows - 1));
  const wanted = [...new Set(picks)];
  const random = await seconds(() => open.result.examples(layer, wanted.map(idOf)).read(0, wanted.length));
  const right = wanted.filter((row, i) => random.result[i * columns] === row % batchRows).length;
  await open.result.close();
  const report = {
    rows,
    columns,
    dtype,
    megabytes,
    writeMBPerSecond: Math.round(megabytes / write.seconds),
    openSeconds: open.seconds,
    readMBPerSecond: Math.round(megabytes / stream.seconds),
    randomRowsPerSecond: Math.round(wanted.length / random.seconds),
    rowsRight: stream.result,
    randomRowsWrong: wanted.length - right,
    peakMB: Math.round(process.resourceUsage().maxRSS / 1000),
  };
  console.log(JSON.stringify(report));
} finally {
  await rm(directory, { recursive: true, force: true });
}

function idOf(row: number): string {
  return `example-${row}`;
}

function* batches(): Generator<ActivationBatch> {
  for (let i = 0; i < batchRows; i++) values[i * columns] = i;
  for (let start = 0; start < rows; start += batchRows) {
    const count = Math.min(batchRows, rows - start);
    const ids = Array.from({ length: count }, (_, i) => idOf(start + i));
    yield { ids, positions: ids.map(() => [0]), layers: new Map([[layer, values.subarray(0, count * columns)]]) };
  }
}

async function seconds<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}
