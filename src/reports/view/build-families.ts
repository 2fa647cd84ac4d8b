import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Result } from '../../core/records.ts';
import { formatLevel, formatValue } from '../format.ts';
import type { FamiliesView, FamilyRow } from '../report-view.ts';
import { standingOf } from './standing-of.ts';

/** Where the best technique that exploits structure beats the best general one; null where that was not judged. */
export function buildFamilies(results: readonly Result[], name: (at: Result) => string): FamiliesView | null {
  const rows = results.filter(({ metric }) => metric === 'structure-advantage').map((result) => rowOf(result, name));
  if (rows.length === 0) return null;
  const level = rows.map(({ estimate }) => estimate).find(isDefined)?.level ?? null;
  return { sentence: sentenceOf(rows, level), level, rows };
}

function rowOf(result: Result, name: (at: Result) => string): FamilyRow {
  const { estimate, adjustedPValue = null, floor = '', top = '' } = result;
  const standing = standingOf(estimate, adjustedPValue);
  return { name: name(result), estimate, adjustedPValue, standing, structural: top, general: floor };
}

function sentenceOf(rows: readonly FamilyRow[], level: number | null): string {
  const by = (standing: FamilyRow['standing']) => rows.filter((row) => row.standing === standing);
  const compared = rows.length - by('unknown').length;
  const listed = (found: readonly FamilyRow[]) =>
    found
      .map((row) =>
        isDefined(row.estimate) ? `${row.name} ${formatValue(row.estimate.value, { signed: true })}` : row.name,
      )
      .join(', ');
  const clause = (verb: string, found: readonly FamilyRow[]) =>
    found.length === 0 ? `${verb} in none` : `${verb} in ${found.length} (${listed(found)})`;
  const unknown = by('unknown').map(({ name, estimate }) => `${name}: ${reasonOf(estimate)}`);
  const rest = unknown.length === 0 ? '' : ` It could not be compared in ${unknown.length}: ${unknown.join('; ')}.`;
  if (compared === 0) return `Structure and general techniques were compared in no setting.${rest}`;
  const corrected = rows.some(({ adjustedPValue }) => adjustedPValue !== null);
  const rule = `${level === null ? '' : `${formatLevel(level)} `}interval off 0${corrected ? ', with Holm’s correction over the settings' : ''}`;
  const clauses = [
    clause('wins', by('above')),
    clause('loses', by('below')),
    clause('cannot be told from general techniques', by('unclear')),
  ];
  return `Of ${compared} ${compared === 1 ? 'setting' : 'settings'} compared, exploiting structure ${clauses.join(', ')}; ${rule}.${rest}`;
}

function reasonOf(estimate: Estimate): string {
  return isDefined(estimate) ? '' : estimate.undefined;
}
