import type { Category } from '../../core/examples.ts';
import type { Execution, Measurements } from './execute.ts';

/** What a split's proportions are about. */
export type Outcome = 'real-positive' | 'fake-positive' | 'all-negative' | `inconsistent-${string}`;

/**
 * The ways in which so many measurements can disagree: each pattern, its digits being the measurements in order; from
 * four measurements on only how many are positive, since some of the patterns hardly ever come up.
 */
export function inconsistentOutcomes(measurements: number): readonly Outcome[] {
  if (measurements > 3) {
    return Array.from({ length: measurements - 1 }, (_, n) => `inconsistent-${n + 1}-of-${measurements}` as const);
  }
  const patterns = { 1: [], 2: ['10', '01'], 3: ['100', '010', '001', '110', '101', '011'] } as const;
  return patterns[measurements as 1 | 2 | 3].map((pattern) => `inconsistent-${pattern}` as const);
}

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
  if (measurements.length <= 3) return `inconsistent-${measurements.map(Number).join('')}`;
  return `inconsistent-${measurements.filter(Boolean).length}-of-${measurements.length}`;
}

/** The category of an example with this outcome. */
export function categoryOfOutcome(outcome: Outcome, trusted: boolean): Category {
  if (trusted) return outcome === 'real-positive' ? 'trusted-positive' : 'trusted-negative';
  return outcome.startsWith('inconsistent') ? 'inconsistent' : (outcome as Category);
}
