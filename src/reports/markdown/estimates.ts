import type { LabelledEstimate } from '../../core/inspection.ts';
import { formatEstimate } from '../format.ts';
import { table } from './text.ts';

/** Estimates as a table; nothing where there are none. */
export function estimateTable(estimates: readonly LabelledEstimate[]): string {
  if (estimates.length === 0) return '';
  return table(
    ['Number', 'Value and interval'],
    estimates.map(({ label, estimate }) => [label, formatEstimate(estimate)]),
  );
}
