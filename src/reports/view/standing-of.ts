import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Standing } from '../report-view.ts';

/** On which side of 0 a paired difference lies; one that does not survive Holm's correction is unclear. */
export function standingOf(difference: Estimate | null, adjustedPValue: number | null): Standing {
  if (difference === null || !isDefined(difference)) return 'unknown';
  const { lower, upper, level } = difference;
  if (adjustedPValue !== null && adjustedPValue >= 1 - level) return 'unclear';
  if (lower > 0) return 'above';
  return upper < 0 ? 'below' : 'unclear';
}
