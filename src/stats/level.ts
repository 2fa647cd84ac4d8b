import { expected } from '../core/errors.ts';

/** How an interval is asked for. */
export interface LevelOptions {
  /** Coverage of the interval, between 0 and 1, both excluded. @default 0.95 */
  readonly level?: number;
}

/** The level of an interval after its check. */
export function resolveLevel({ level = 0.95 }: LevelOptions = {}): number {
  if (level > 0 && level < 1) return level;
  throw expected('level', 'level', 'a number between 0 and 1', level, 'Use 0.95 for a 95 % interval');
}

/**
 * The interval of a mean of values in [0, 1] when n independent draws were all equal to `value`, so that no variance
 * can be estimated (the exact "rule of three"): were more than q = 1 − ((1 − level)/2)^(1/n) of the population
 * different, n equal draws would have had a probability below (1 − level)/2. At value 1 or 0 it is Clopper–Pearson's.
 */
export function allEqualInterval(value: number, n: number, level: number): readonly [lower: number, upper: number] {
  const q = 1 - ((1 - level) / 2) ** (1 / n);
  return [value * (1 - q), value * (1 - q) + q];
}
