import type { Execution, Measurements } from './execute.ts';

/** What a split's proportions are about. Digits are the three measurements in order. */
export const inconsistentOutcomes = [
  'inconsistent-100',
  'inconsistent-010',
  'inconsistent-001',
  'inconsistent-110',
  'inconsistent-101',
  'inconsistent-011',
] as const;
export type Outcome = 'real-positive' | 'fake-positive' | 'all-negative' | (typeof inconsistentOutcomes)[number];

/** Why a program is not usable, whatever is still wanted. */
export const rejections = ['trusted-fake-negative', 'positive-without-diamond'] as const;
export type Rejection = (typeof rejections)[number];

export function isRejection(outcome: Outcome | Rejection): outcome is Rejection {
  return (rejections as readonly string[]).includes(outcome);
}

export interface OutcomeRules {
  /** Fake negatives are dropped where nobody tampers, and relabelled as not an outcome elsewhere. */
  readonly trusted: boolean;
  /** Whether a real positive must owe every measurement to the diamond. */
  readonly diamondNeeded: boolean;
}

/** The outcome of an execution under methods.md 11.4, or why it is rejected. */
export function outcomeOf(execution: Execution, rules: OutcomeRules): Outcome | Rejection {
  const { measurements, diamondPresent } = execution;
  if (measurements.every(Boolean)) {
    if (!diamondPresent) return 'fake-positive';
    return rules.diamondNeeded && execution.positiveWithoutDiamond() ? 'positive-without-diamond' : 'real-positive';
  }
  if (diamondPresent && rules.trusted) return 'trusted-fake-negative';
  return measurements.some(Boolean) ? inconsistentOutcome(measurements) : 'all-negative';
}

function inconsistentOutcome(measurements: Measurements): Outcome {
  return `inconsistent-${measurements.map(Number).join('')}` as Outcome;
}
