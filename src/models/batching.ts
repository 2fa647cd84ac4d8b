import type { Rng } from '../core/random.ts';

/** Rows computed together at one padded length. */
export interface Batch {
  /** Padded length in tokens: a multiple of the granularity, at most the model's longest. */
  readonly bucket: number;
  /** Positions in the dataset; at most the batch size. */
  readonly rows: readonly number[];
}

export interface BatchingOptions {
  readonly batchSize: number;
  /** Bucket lengths are the multiples of this many tokens. */
  readonly granularity: number;
  /** No bucket is longer than this many tokens. */
  readonly maxTokens: number;
}

/**
 * Batches that cover every row exactly once, n / batchSize of them rounded up. Each is filled from one length bucket; what
 * is left of a bucket moves up to the next longer one, so only the last batch made can be incomplete. With `rng` the rows
 * are shuffled before and the batches after; without, rows keep their order within a bucket and batches rise in length.
 */
export function batchesOf(lengths: ArrayLike<number>, options: BatchingOptions, rng?: Rng): Batch[] {
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

function bucketOf(length: number, { granularity, maxTokens }: BatchingOptions): number {
  return Math.min(Math.ceil(length / granularity) * granularity, maxTokens);
}

function longest(rows: readonly number[], lengths: ArrayLike<number>): number {
  return rows.reduce((most, row) => Math.max(most, lengths[row] as number), 0);
}
