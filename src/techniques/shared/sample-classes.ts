import type { Rng } from '../../core/random.ts';

/** About `most` rows in the task's class proportions, at least two of each class; all rows when they are fewer. */
export function sampleClasses(targets: readonly boolean[], most: number, rng: Rng): readonly number[] {
  const share = Math.min(1, most / targets.length);
  return [true, false].flatMap((side) => {
    const rows = [...targets.keys()].filter((row) => targets[row] === side);
    return rng.sample(rows, Math.max(2, Math.round(share * rows.length)));
  });
}
