import { csvLine } from '../../core/csv-line.ts';
import type { ReviewPick } from './review-pick.ts';

/** Columns of a review, in order; the person fills in the second. */
const columns = ['id', 'real', 'text', 'why', 'flagged', 'score', 'p_value', 'inclusion_probability'] as const;

/**
 * The picks as a CSV for the person who checks them, with an empty column `real` for yes or no. What the detector says comes
 * last, after the text, so that it is not read first. Texts that a spreadsheet would run as formulas are neutralised.
 * @param texts by id; an example without a text has an empty one.
 */
export function reviewCsv(picked: readonly ReviewPick[], texts: ReadonlyMap<string, string>): string {
  const lines = picked.map(({ id, why, flagged, score, pValue, inclusionProbability }) =>
    // Words, because spreadsheets write true and false in the language of their user.
    csvLine([id, null, texts.get(id), why, flagged ? 'yes' : 'no', score, pValue, inclusionProbability]),
  );
  return csvLine(columns) + lines.join('');
}
