import { expected } from '../core/errors.ts';
import { checkFinite } from './scored-examples.ts';

export interface Histogram {
  /** (bins + 1) ascending, evenly spaced. */
  readonly edges: readonly number[];
  /** (groups × bins) how many values of each group fall in [edge, next edge); the last bin includes its end. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts of several groups of values in the same even bins from the smallest value to the largest; values that are all
 * equal get one unit of width around them. No values: no bins.
 * @throws UserError when a value is not finite or `bins` is not a whole number from 1.
 */
export function histogram(groups: readonly ArrayLike<number>[], bins: number): Histogram {
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw expected('bins', 'bins', 'a whole number from 1', bins, 'Use 30 for a first look');
  }
  groups.forEach((values, group) => {
    checkFinite(values, `groups[${group}]`);
  });
  const [low, high] = rangeOf(groups);
  if (low > high) return { edges: [], counts: groups.map(() => []) };
  const [start, width] = low === high ? [low - 0.5, 1 / bins] : [low, (high - low) / bins];
  const edges = Array.from({ length: bins + 1 }, (_, i) => start + i * width);
  return { edges, counts: groups.map((values) => countInto(values, start, width, bins)) };
}

function rangeOf(groups: readonly ArrayLike<number>[]): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of groups) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i] as number);
      high = Math.max(high, values[i] as number);
    }
  }
  return [low, high];
}

function countInto(values: ArrayLike<number>, start: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(((values[i] as number) - start) / width);
    (counts[Math.max(0, Math.min(bins - 1, bin))] as number)++;
  }
  return counts;
}
