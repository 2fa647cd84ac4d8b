import { normalQuantile } from './normal.ts';

/** Wilson's score interval of a proportion of n ≥ 1 (Wilson 1927); `successes` may count halves. */
export function wilsonInterval(successes: number, n: number, level: number): readonly [lower: number, upper: number] {
  const z = normalQuantile((1 + level) / 2);
  const p = successes / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // At p = 0 and 1 an end is exactly p; rounding must not move it past.
  return [Math.min(p, Math.max(0, (centre - half) / scale)), Math.max(p, Math.min(1, (centre + half) / scale))];
}
