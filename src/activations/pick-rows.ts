import { createLayerRows, type LayerRows } from './layer-rows.ts';

/** Reading over a gap of this many bytes costs less than a second read. */
const gapBytes = 2 ** 15;
/** Values read at once. */
const runValues = 2 ** 20;
const readsInFlight = 8;

/** The rows of `source` with these numbers, in this order; a number may stand more than once. Near rows are read together. */
export function pickRows(source: LayerRows, numbers: Uint32Array): LayerRows {
  const { columns } = source;
  return createLayerRows(numbers.length, columns, async (start, count) => {
    const wanted = numbers.subarray(start, start + count);
    const picked = new Float32Array(count * columns);
    const runs = runsOf(wanted, columns);
    for (let i = 0; i < runs.length; i += readsInFlight) {
      await Promise.all(runs.slice(i, i + readsInFlight).map((run) => copyRun(source, run, wanted, picked)));
    }
    return picked;
  });
}

/** Indices into the wanted numbers, by rising number, that one read serves. */
type Run = Uint32Array;

function runsOf(wanted: Uint32Array, columns: number): Run[] {
  const order = Uint32Array.from(wanted, (_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const number = (i: number) => wanted[order[i] as number] as number;
  const gap = gapBytes / (4 * columns);
  const runs: Run[] = [];
  let first = 0;
  for (let i = 1; i <= order.length; i++) {
    const ends =
      i === order.length ||
      number(i) - number(i - 1) > gap + 1 ||
      (number(i) - number(first) + 1) * columns > runValues;
    if (!ends) continue;
    runs.push(order.subarray(first, i));
    first = i;
  }
  return runs;
}

async function copyRun(source: LayerRows, run: Run, wanted: Uint32Array, picked: Float32Array): Promise<void> {
  const { columns } = source;
  const first = wanted[run[0] as number] as number;
  const last = wanted[run[run.length - 1] as number] as number;
  const rows = await source.read(first, last - first + 1);
  for (const i of run) {
    const from = ((wanted[i] as number) - first) * columns;
    picked.set(rows.subarray(from, from + columns), i * columns);
  }
}
