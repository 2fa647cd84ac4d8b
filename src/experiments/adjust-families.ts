import type { Result } from '../core/records.ts';
import { holm } from '../stats/multiplicity.ts';

/** The results with the p-values of `structure-advantage` after Holm's correction over the settings that were compared. */
export function adjustFamilies(results: readonly Result[]): Result[] {
  const isCompared = ({ metric, estimate }: Result) => metric === 'structure-advantage' && !('undefined' in estimate);
  const compared = results.filter(isCompared);
  const adjusted = holm(compared.map(({ pValue }) => pValue));
  const byResult = new Map(compared.map((result, i) => [result, adjusted[i]]));
  return results.map((result) => {
    const adjustedPValue = byResult.get(result);
    return adjustedPValue === undefined ? result : { ...result, adjustedPValue };
  });
}
