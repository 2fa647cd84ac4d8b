import { type Estimate, isDefined } from '../core/estimates.ts';

/**
 * a − b of two estimates from disjoint examples, with the interval of Zou and Donner (2008), "square and add": each end
 * adds the squared distances of the two estimates' own ends, so that intervals that are not symmetric stay so. Undefined
 * where a or b is. Both must have the same level.
 */
export function independentDifference(a: Estimate, b: Estimate): Estimate {
  if (!isDefined(a)) return a;
  if (!isDefined(b)) return b;
  const value = a.value - b.value;
  const lower = value - Math.hypot(a.value - a.lower, b.upper - b.value);
  const upper = value + Math.hypot(a.upper - a.value, b.value - b.lower);
  return { value, lower, upper, level: a.level, n: a.n + b.n, method: 'square-and-add' };
}
