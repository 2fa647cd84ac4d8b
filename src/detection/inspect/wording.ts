import { type Estimate, isDefined } from '../../core/estimates.ts';

/** `12 %`; below 1 % with a decimal. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 1 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** `12 % (5 % to 20 %)`, or `unknown`. */
export function percentOf(estimate: Estimate): string {
  if (!isDefined(estimate)) return 'unknown';
  return `${percent(estimate.value)} (${percent(estimate.lower)} to ${percent(estimate.upper)})`;
}

/** `0.71 (0.66 to 0.76)`, or `unknown`. */
export function numberOf(estimate: Estimate): string {
  if (!isDefined(estimate)) return 'unknown';
  return `${estimate.value.toFixed(2)} (${estimate.lower.toFixed(2)} to ${estimate.upper.toFixed(2)})`;
}

/** A count with thousands separated: `12,345`. */
export function countOf(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
