/**
 * Intervals of sums and of shares from intervals of their independent parts: the method of variance estimates recovery
 * (Zou and Donner 2008, "Construction of confidence intervals about effect measures: a general approach"). Ends of the parts
 * take the place of standard errors, so that it behaves where a part is at 0 or at its largest value.
 */

/** A quantity ≥ 0 with the ends of its interval; ends that coincide with the value: it is known. */
export interface Bounded {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** The sum of independent quantities: its lower end is Σv − √Σ(v − l)². */
export function boundedSum(parts: readonly Bounded[]): Bounded {
  const value = parts.reduce((total, part) => total + part.value, 0);
  const below = Math.hypot(...parts.map((part) => part.value - part.lower));
  const above = Math.hypot(...parts.map((part) => part.upper - part.value));
  return { value, lower: value - below, upper: value + above };
}

/**
 * The share R = a / (a + b) of independent a and b, which solves (1 − R) a − R b = 0: the R for which the interval of the
 * left side holds 0 (Fieller's argument). Undefined when a and b are both 0.
 */
export function boundedShare(a: Bounded, b: Bounded): Bounded | undefined {
  if (a.value + b.value === 0) return undefined;
  const value = a.value / (a.value + b.value);
  return { value, lower: lowerShare(a, b, value), upper: 1 - lowerShare(b, a, 1 - value) };
}

/** The root in [0, share] of (1 − R) a − R b = √((1 − R)² (a − lower a)² + R² (upper b − b)²), whose left side falls. */
function lowerShare(a: Bounded, b: Bounded, share: number): number {
  if (b.upper <= 0) return share;
  if (a.lower <= 0) return 0;
  const excess = (R: number) =>
    (1 - R) * a.value - R * b.value - Math.hypot((1 - R) * (a.value - a.lower), R * (b.upper - b.value));
  let [low, high] = [0, share];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  // Both ends of a share that is known are the share itself.
  return excess(high) >= 0 ? high : low;
}
