import type { Rng } from '../core/random.ts';

/** Rows computed together at one padded length. */
export interface Batch {
  /** Padded length in tokens. */
  readonly bucket: number;
  /** Positions in the dataset; at most the batch size. */
  readonly rows: readonly number[];
}

export interface BatchingOptions {
  readonly batchSize: number;
  /** No bucket is longer than this many tokens. */
  readonly maxTokens: number;
  /**
   * So many consecutive rows always stand in one batch, side by side and in order, in the bucket of the longest. Must
   * divide the number of rows; a batch holds as many groups as its size has room for, at least one. @default 1
   */
  readonly together?: number;
}

/**
 * Batches that cover every row exactly once, n / batchSize of them rounded up. Each is filled from one length bucket; what
 * is left of a bucket moves up to the next longer one, so only the last batch made can be incomplete. With `rng` the rows
 * are shuffled before and the batches after; without, rows keep their order within a bucket and batches rise in length.
 * Rows that stay together count as one throughout.
 */
export function batchesOf(lengths: ArrayLike<number>, options: BatchingOptions, rng?: Rng): Batch[] {
  const { together = 1, batchSize, maxTokens } = options;
  if (together === 1) return batchesOfRows(lengths, options, rng);
  const groups = Array.from({ length: lengths.length / together }, (_, group) => membersOf(group, together));
  const room = { batchSize: Math.max(1, Math.floor(batchSize / together)), maxTokens };
  const batches = batchesOfRows(
    groups.map((rows) => longest(rows, lengths)),
    room,
    rng,
  );
  return batches.map(({ bucket, rows }) => ({ bucket, rows: rows.flatMap((group) => groups[group] as number[]) }));
}

/** Rows of a group of so many consecutive ones. */
export function membersOf(group: number, together: number): number[] {
  return Array.from({ length: together }, (_, i) => group * together + i);
}

function batchesOfRows(lengths: ArrayLike<number>, options: BatchingOptions, rng?: Rng): Batch[] {
  const order = Array.from({ length: lengths.length }, (_, row) => row);
  const buckets = groupByBucket(rng ? rng.shuffle(order) : order, lengths, options);
  const batches: Batch[] = [];
  let left: number[] = [];
  for (const [bucket, rows] of buckets) {
    const pool = [...left, ...rows];
    const full = pool.length - (pool.length % options.batchSize);
    for (let at = 0; at < full; at += options.batchSize) {
      batches.push({ bucket, rows: pool.slice(at, at + options.batchSize) });
    }
    left = pool.slice(full);
  }
  if (left.length > 0) batches.push({ bucket: bucketOf(longest(left, lengths), options), rows: left });
  return rng ? rng.shuffle(batches) : batches;
}

/** Rows by bucket, shortest bucket first. */
function groupByBucket(rows: readonly number[], lengths: ArrayLike<number>, options: BatchingOptions) {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const bucket = bucketOf(lengths[row] as number, options);
    const group = groups.get(bucket);
    if (group) group.push(row);
    else groups.set(bucket, [row]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** Multiples of 4 up to 32, of 8 up to 64, of 16 up to 128 …: a finer grid computes less padding, but each shape costs memory. */
function bucketOf(length: number, { maxTokens }: BatchingOptions): number {
  const step = 2 ** Math.max(2, Math.floor(Math.log2(Math.max(1, length - 1))) - 2);
  return Math.min(Math.ceil(length / step) * step, maxTokens);
}

function longest(rows: readonly number[], lengths: ArrayLike<number>): number {
  return rows.reduce((most, row) => Math.max(most, lengths[row] as number), 0);
}
