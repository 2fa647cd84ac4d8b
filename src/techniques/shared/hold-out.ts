import { createRng } from '../../core/random.ts';

/** How many examples are held out. */
export interface HoldOut {
  /** Share of the examples, in (0, 1). */
  readonly share: number;
  /** No more than this many. */
  readonly atMost: number;
}

/** Positions in n examples, n at least 2, to train on and, drawn by seed, to hold out: at least one of each, in ascending order. */
export function holdOut(n: number, { share, atMost }: HoldOut, seed: number, label: string) {
  const rows = Array.from({ length: n }, (_, row) => row);
  const count = Math.max(1, Math.min(Math.round(share * n), atMost, n - 1));
  const held = new Set(createRng(seed, label, 'hold-out').sample(rows, count));
  return { train: rows.filter((row) => !held.has(row)), held: rows.filter((row) => held.has(row)) };
}
