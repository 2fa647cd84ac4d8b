import type { ExchangeabilityFinding } from '../../core/detection.ts';
import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer } from '../../core/inspection.ts';
import { auroc } from '../../stats/auroc.ts';
import { alike } from '../inspect/shift-finding.ts';
import type { DetectionView } from './detection-view.ts';
import { leastForShift } from './shift.ts';

/** Out-of-sample logits of "untrusted rather than trusted", (n); NaN where none was made. */
export interface ShiftScores {
  readonly negative: Float64Array;
  readonly positive: Float64Array;
}

/**
 * How far trusted positives may be taken for untrusted real ones, by classifier two-sample tests (Lopez-Paz and Oquab
 * 2017, arXiv 1610.06545): AUROC of telling trusted from untrusted examples that the classifier did not see. Among negative
 * examples tampering cannot be the reason of a difference; among positive ones it can.
 */
export function exchangeability(view: DetectionView, scores: ShiftScores): ExchangeabilityFinding {
  const negative = difference(view, scores, 'negative');
  const positive = difference(view, scores, 'positive');
  const answer = alike(negative);
  return {
    answer,
    text: `${assumption} ${words[answer]} ${wordsOfPositives(positive)}`,
    estimates: [
      { label: 'trusted against untrusted, all measurements negative (AUROC)', estimate: negative },
      { label: 'trusted against untrusted, all measurements positive (AUROC)', estimate: positive },
    ],
  };
}

const assumption =
  'The rate of false alarms holds if trusted positives are like untrusted real positives: drawn from the same tasks, by the same ' +
  'kind of author.';

const words: Readonly<Record<Answer, string>> = {
  yes: 'Among examples with every measurement negative, where tampering is no reason to differ, trusted and untrusted ones can hardly be told apart: nothing speaks against it.',
  no: 'Among examples with every measurement negative, where tampering is no reason to differ, trusted and untrusted ones can be told apart: it does not hold as it stands, and real positives of a kind that trusted ones lack will be flagged too often. Trust more examples of these kinds, or set weighted: true.',
  'cannot-tell': `Whether it holds cannot be told: that takes at least ${leastForShift} trusted and ${leastForShift} untrusted examples with every measurement negative, and an interval that is narrow enough.`,
};

function wordsOfPositives(estimate: Estimate): string {
  if (!isDefined(estimate)) return '';
  if (estimate.lower <= 0.5) return 'Among positives, no difference between trusted and untrusted ones was found.';
  return 'Positives differ between trusted and untrusted examples, by fakes, by the kind of example, or both.';
}

function difference({ categories }: DetectionView, scores: ShiftScores, sign: 'negative' | 'positive'): Estimate {
  const rows = [...categories.keys()].filter((i) => {
    return categories[i]?.endsWith(`-${sign}`) && !Number.isNaN(scores[sign][i] as number);
  });
  const enough = ['trusted', 'untrusted'].every(
    (whose) => rows.filter((i) => categories[i] === `${whose}-${sign}`).length >= leastForShift,
  );
  if (!enough) return { undefined: `fewer than ${leastForShift} trusted or untrusted examples` };
  return auroc(
    rows.map((i) => scores[sign][i] as number),
    rows.map((i) => categories[i] === `untrusted-${sign}`),
  );
}
