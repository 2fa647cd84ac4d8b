export interface RecordOptions {
  /** Columns of each layer that is recorded. */
  readonly layers: ReadonlyMap<number, number>;
  /** Halving the space with F16 keeps 11 bits of each value, up to 65,504. @default 'F32' */
  readonly dtype?: 'F32' | 'F16';
  /** Memory for the shard in the making, and about the size of an F32 shard, in bytes. @default 64 MiB */
  readonly shardBytes?: number;
  /** Kept in the manifest, e.g. model and token position. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told the rows written so far, after each batch. */
  readonly progress?: (rows: number) => void;
}
