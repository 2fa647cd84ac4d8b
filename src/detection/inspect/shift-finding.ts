import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer, Finding } from '../../core/inspection.ts';
import { independentDifference } from '../../stats/independent-difference.ts';
import type { InspectView } from './inspect-view.ts';
import { toldApart } from './told-apart.ts';
import { hasWords, type TellingWords, tellingWords, wordFit } from './word-fit.ts';
import { numberOf } from './wording.ts';

/** The shift between trusted and untrusted examples, and the part that can be topic only. */
export interface ShiftFinding {
  readonly finding: Finding;
  /** AUROC between trusted and untrusted positives. */
  readonly positives: Estimate;
  /** AUROC between trusted and untrusted all-negatives. */
  readonly negatives: Estimate;
}

/**
 * Classifier two-sample tests (Lopez-Paz and Oquab 2017, arXiv:1610.06545) of trusted against untrusted examples, apart
 * among positives and all-negatives. No fake positive is all negative, so what tells the latter apart is topic.
 */
export async function shiftFinding(view: InspectView): Promise<ShiftFinding> {
  const [trusted, untrusted] = [view.of('trusted-positive'), view.of('untrusted-positive')];
  const positives = await toldApart(view, trusted, untrusted);
  const negatives = await toldApart(view, view.of('trusted-negative'), view.of('untrusted-negative'));
  const beyond = independentDifference(positives, negatives);
  const byWords = hasWords(view) ? await toldApart(view, trusted, untrusted, wordFit(view)) : undefined;
  const finding: Finding = {
    id: 'trusted-like-untrusted',
    question: 'Are trusted examples drawn like untrusted ones?',
    answer: isDefined(positives) ? alike(negatives) : 'cannot-tell',
    text: `${wordingOf(positives, negatives, beyond)}${await wordsText(view, [untrusted, trusted], byWords)}`,
    estimates: [
      { label: 'AUROC of trusted against untrusted positives', estimate: positives },
      { label: 'AUROC of trusted against untrusted all-negatives (topic)', estimate: negatives },
      { label: 'difference: shift of positives beyond topic', estimate: beyond },
      ...(byWords === undefined
        ? []
        : [{ label: 'trusted against untrusted positives, from bare words', estimate: byWords }]),
    ],
  };
  return { finding, positives, negatives };
}

/** All-negatives that a classifier tells apart by 0.6 at most are alike enough; that they are alike cannot be shown. */
export function alike(negatives: Estimate): Answer {
  if (!isDefined(negatives)) return 'cannot-tell';
  if (negatives.lower > 0.5) return 'no';
  return negatives.upper < 0.6 ? 'yes' : 'cannot-tell';
}

function wordingOf(positives: Estimate, negatives: Estimate, beyond: Estimate): string {
  if (!isDefined(positives)) return `Cannot tell: ${positives.undefined}.`;
  const first = `A classifier tells trusted from untrusted positives with an AUROC of ${numberOf(positives)}`;
  if (!isDefined(negatives)) {
    return `${first}. What of it is mere topic cannot be told: among all-negatives, ${negatives.undefined}.`;
  }
  const second = `, and trusted from untrusted all-negatives, which no fake positive can be among, with ${numberOf(negatives)}.`;
  if (negatives.lower <= 0.5) {
    const few = negatives.upper >= 0.6 ? ', though there are too few to be sure' : '';
    return `${first}${second} No shift of topic, that is of anything but tampering, is found${few}.`;
  }
  const more =
    isDefined(beyond) && beyond.lower > 0
      ? 'the positives differ by more than that, as they would with fakes among them'
      : 'it may explain all of the difference between positives';
  return `${first}${second} So trusted and untrusted examples differ in topic, and ${more}.`;
}

/** Words are named only where words tell examples apart that did not choose them: some words always weigh most. */
async function wordsText(
  view: InspectView,
  [untrusted, trusted]: readonly [readonly number[], readonly number[]],
  byWords: Estimate | undefined,
): Promise<string> {
  if (byWords === undefined || !isDefined(byWords)) return '';
  if (byWords.lower > 0.5)
    return ` From bare words the AUROC is ${numberOf(byWords)}.${wordsOf(await tellingWords(view, untrusted, trusted))}`;
  return ` No single words are found that tell the positives apart: from bare words the AUROC is ${numberOf(byWords)}.`;
}

function wordsOf({ yes, no }: TellingWords): string {
  if (yes.length + no.length === 0) return '';
  const list = (words: readonly string[]) =>
    words.length === 0 ? 'none' : words.map((word) => `"${word}"`).join(', ');
  return ` Words that speak most for untrusted: ${list(yes)}; for trusted: ${list(no)}.`;
}
