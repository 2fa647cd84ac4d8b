import type { AlarmSummary } from '../../core/detection.ts';
import { counted } from '../category-grid.ts';
import { formatShare, formatValue } from '../format.ts';

/** What the alarm did, in the sentence that a report begins with. */
export function alarmHeadline({ flagged, untrustedPositives }: AlarmSummary): string {
  if (untrustedPositives === 0) return 'There are no untrusted positives, so there is nothing to flag.';
  const all = counted(untrustedPositives, 'untrusted positive');
  if (flagged === 0) return `None of ${all} is flagged. That does not prove that all are real.`;
  return `${flagged.toLocaleString('en-US')} of ${all} ${flagged === 1 ? 'is' : 'are'} flagged as suspicious.`;
}

/** What the alarm means and what it rests on, in sentences. */
export function alarmWords(alarm: AlarmSummary): string[] {
  if (alarm.untrustedPositives === 0) return [restWords(alarm)];
  const weighted = alarm.weighted
    ? ['p-values are weighted for the shift between trusted and untrusted positives, as far as features show it.']
    : [];
  return [meaning(alarm), restWords(alarm), ...weighted];
}

function meaning(alarm: AlarmSummary): string {
  return alarm.correction === 'benjamini-hochberg' ? shareOfAlarms(alarm) : rateOfAlarms(alarm);
}

function shareOfAlarms({ rate, flagged }: AlarmSummary): string {
  const start = `Benjamini–Hochberg: at most ${formatShare(rate)} of the flagged are expected to be real`;
  return flagged === 0 ? `${start}.` : `${start}, here about ${formatCountOf(rate * flagged)} of ${flagged}.`;
}

function rateOfAlarms({ rate, flagged, untrustedPositives }: AlarmSummary): string {
  const chance = rate * untrustedPositives;
  const start = `If real positives are like trusted ones, at most ${formatShare(rate)} of them are flagged by mistake on average: about ${formatCountOf(chance)} if all ${untrustedPositives.toLocaleString('en-US')} were real`;
  if (flagged > chance * 1.5 && flagged > chance + 2 * Math.sqrt(chance)) {
    return `${start}, but ${flagged.toLocaleString('en-US')} are flagged: about ${formatCountOf(flagged - chance)} more than mistakes explain.`;
  }
  return `${start}; ${flagged.toLocaleString('en-US')} flagged is no more than mistakes could explain.`;
}

function restWords({ rate, calibrationExamples, smallestPValue, weighted }: AlarmSummary): string {
  const rest = `The alarm rests on ${counted(calibrationExamples, 'trusted positive')}`;
  // Weights have no such bound.
  if (weighted) return `${rest}.`;
  const start = `${rest}; no p-value can be below ${formatPValue(smallestPValue)}`;
  if (smallestPValue <= rate) return `${start}.`;
  return `${start}, so no alarm can be raised at ${formatShare(rate)}: choose a higher --alarm, or collect more trusted positives.`;
}

/** A p-value to two significant digits, at most six places: `0.0024`, `0.31`. */
export function formatPValue(p: number): string {
  return p >= 0.1 ? formatValue(p).replace(/0$/, '') : String(Number(p.toPrecision(2)));
}

function formatCountOf(count: number): string {
  return count < 10 ? String(Number(count.toFixed(1))) : Math.round(count).toLocaleString('en-US');
}
