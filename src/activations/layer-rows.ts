import type { Matrix } from '../core/models.ts';

/**
 * Rows of one layer, read when asked for. Files stay where they are: Node has no memory mapping, so ranges of rows are read
 * by position and the operating system's page cache keeps what is read often.
 */
export interface LayerRows {
  readonly rows: number;
  readonly columns: number;
  /** `count` rows from `start` on, row-major. */
  read(start: number, count: number): Promise<Float32Array<ArrayBuffer>>;
  /**
   * All rows in order, (k × columns) at a time; may be gone through any number of times. The next chunk is read while the
   * consumer works on one.
   */
  chunks(): AsyncIterable<Float32Array<ArrayBuffer>>;
}

/** Values of a chunk: 4 MiB. */
const chunkValues = 2 ** 20;

/** Makes {@link LayerRows} of a function that reads a range; `read` is only asked for rows that exist. */
export function createLayerRows(rows: number, columns: number, read: LayerRows['read']): LayerRows {
  const step = Math.max(1, Math.floor(chunkValues / Math.max(1, columns)));
  const readChunk = (start: number) => read(start, Math.min(step, rows - start));
  return {
    rows,
    columns,
    read: (start, count) => {
      if (start < 0 || count < 0 || start + count > rows) throw new RangeError(`no rows ${start} to ${start + count}`);
      return read(start, count);
    },
    async *chunks() {
      let next = rows > 0 ? readChunk(0) : undefined;
      try {
        for (let start = 0; next !== undefined; start += step) {
          const chunk: Float32Array<ArrayBuffer> = await next;
          next = start + step < rows ? readChunk(start + step) : undefined;
          yield chunk;
        }
      } finally {
        // A consumer may leave early; a read that then fails has nobody to tell.
        await next?.catch(() => undefined);
      }
    },
  };
}

/** All rows at once. */
export async function readMatrix(source: LayerRows): Promise<Matrix> {
  return { rows: source.rows, columns: source.columns, data: await source.read(0, source.rows) };
}
