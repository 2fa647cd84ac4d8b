import { expected } from '../core/errors.ts';
import type { RowSource } from './row-source.ts';

/** Consecutive rows, row-major. */
export interface RowBlock {
  /** Index of the first row. */
  readonly start: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/**
 * The rows in blocks of `size`, the last one shorter: sessions have static shapes, and chunks come in any size. A block
 * within one chunk is not copied.
 * @throws UserError (`rows`) when the chunks do not hold the rows that the source declares.
 */
export async function* rowBlocks(source: RowSource, size: number): AsyncGenerator<RowBlock> {
  const { rows, columns } = source;
  let pending = new Float32Array(0);
  let start = 0;
  for await (const chunk of source.chunks()) {
    for (let at = 0; at < chunk.length; ) {
      const wanted = Math.min(size, rows - start) * columns;
      if (wanted === 0) throw wrongRows(rows, `more than ${rows}`);
      const taken = chunk.subarray(at, at + wanted - pending.length);
      at += taken.length;
      const data = pending.length === 0 ? taken : joined(pending, taken);
      pending = new Float32Array(0);
      if (data.length < wanted) {
        pending = data.slice();
        continue;
      }
      yield { start, rows: wanted / columns, data };
      start += wanted / columns;
    }
  }
  if (start !== rows) throw wrongRows(rows, start + pending.length / columns);
}

function joined(first: Float32Array, second: Float32Array): Float32Array<ArrayBuffer> {
  const data = new Float32Array(first.length + second.length);
  data.set(first);
  data.set(second, first.length);
  return data;
}

function wrongRows(rows: number, got: unknown) {
  return expected('rows', 'the rows of the chunks together', `the ${rows} declared`, got, 'Check the row source.');
}
