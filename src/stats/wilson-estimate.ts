import type { Estimate } from '../core/estimates.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { wilsonInterval } from './wilson.ts';

/** The share `count` of `n` with Wilson's interval; undefined without examples. */
export function wilsonEstimate(count: number, n: number, options: LevelOptions = {}): Estimate {
  const level = resolveLevel(options);
  if (n === 0) return { undefined: 'there are no examples' };
  const [lower, upper] = wilsonInterval(count, n, level);
  return { value: count / n, lower, upper, level, n, method: 'wilson' };
}
