import { rowBlocks } from './row-blocks.ts';
import type { RowSource } from './row-source.ts';

const blockRows = 4096;

/** The rows whose label is `label`, in order. @param labels (rows) */
export function classRows(source: RowSource, labels: ArrayLike<number>, label: number): RowSource {
  const { columns } = source;
  let rows = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) rows++;
  return {
    rows,
    columns,
    async *chunks() {
      let chunk = new Float32Array(Math.min(blockRows, rows) * columns);
      let filled = 0;
      for await (const block of rowBlocks(source, blockRows)) {
        for (let i = 0; i < block.rows; i++) {
          if (labels[block.start + i] !== label) continue;
          chunk.set(block.data.subarray(i * columns, (i + 1) * columns), filled);
          filled += columns;
          if (filled < chunk.length) continue;
          yield chunk;
          chunk = new Float32Array(chunk.length);
          filled = 0;
        }
      }
      if (filled > 0) yield chunk.subarray(0, filled);
    },
  };
}
