import { apportion } from '../apportion.ts';
import { inconsistentShare, type UntrustedShares } from '../untrusted-shares.ts';
import { inconsistentOutcomes, type Outcome } from './outcome.ts';

/** How many examples of each outcome are wanted. */
export type Quotas = ReadonlyMap<Outcome, number>;

export function trustedQuotas(total: number, positiveShare: number): Quotas {
  return apportion(total, [
    ['real-positive', positiveShare],
    ['all-negative', 1 - positiveShare],
  ]);
}

/** What the shares leave is spread evenly over the ways of being inconsistent; a single measurement has none. */
export function untrustedQuotas(total: number, shares: UntrustedShares, measurements: number): Quotas {
  const inconsistent = inconsistentOutcomes(measurements);
  const rest = inconsistentShare(shares);
  return apportion(total, [
    ['fake-positive', shares.fakePositive],
    ['real-positive', shares.realPositive],
    ['all-negative', shares.allNegative + (inconsistent.length === 0 ? rest : 0)],
    ...inconsistent.map((outcome) => [outcome, rest / inconsistent.length] as const),
  ]);
}
