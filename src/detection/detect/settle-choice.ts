import { isDefined } from '../../core/estimates.ts';
import { auroc, aurocDifference } from '../../stats/auroc.ts';
import { numberOf } from '../inspect/wording.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { DetectionView } from './detection-view.ts';

export interface SettledChoice {
  /** In their final order: the first one sets the alarm. */
  readonly choice: TechniqueChoice;
  /** Where each of them stood before. */
  readonly order: readonly number[];
}

/**
 * Which of two techniques that answer the evidence question sets the alarm: the probe, unless bare words answer it better
 * beyond noise, by the paired difference of their AUROCs (95 % above 0) on scores that were made out of fold. The other
 * one stays as a further column.
 *
 * The trusted positives that p-values rest on are among the examples asked about, yet the alarm keeps its rate but for
 * little: they are compared with inconsistent examples alone, never with the untrusted positives that are judged, and what
 * is learned from that is one bit, of a rank over all folds that hardly depends on the few lowest scores of one. It can
 * favour a technique by which these trusted positives happen to score high, which makes alarms more frequent; the need to
 * be better beyond noise keeps that small. Simulated, false alarms stay at the rate (test/detection/false-alarms.slow.test.ts).
 *
 * @param scores of each technique, (techniques) × (n), each by a detector that was not trained on the example
 */
export function settleChoice(
  choice: TechniqueChoice,
  { categories }: Pick<DetectionView, 'categories'>,
  scores: readonly Float64Array[],
): SettledChoice {
  const order = [...choice.techniques.keys()];
  if (!choice.contested) return { choice, order };
  const asked = [...categories.keys()].filter((i) => isAsked(categories[i] as string));
  const trusted = asked.map((i) => categories[i] !== 'untrusted-inconsistent');
  const [probe, words] = [0, 1].map((t) => Float64Array.from(asked, (i) => scores[t]?.[i] as number)) as [
    Float64Array,
    Float64Array,
  ];
  const { estimate } = aurocDifference(words, probe, trusted);
  const wordsLead = isDefined(estimate) && estimate.lower > 0;
  const told =
    'For examples that they had not learned from, the bare words of the texts tell the two apart with an AUROC of ' +
    `${numberOf(auroc(words, trusted))}, the evidence probe on what the model makes of them with ${numberOf(auroc(probe, trusted))}. `;
  const decided = wordsLead
    ? 'The words are better beyond chance, so they set the alarm (surface-baseline), and the probe is in a further column.'
    : 'The words are not better beyond chance, so the probe sets the alarm (evidence-probe), and the words are in a further column (surface-baseline).';
  const settled = wordsLead ? [1, 0, ...order.slice(2)] : order;
  const techniques = settled.map((t) => choice.techniques[t] as (typeof choice.techniques)[number]);
  return { choice: { techniques, reason: `${choice.reason} ${told}${decided}` }, order: settled };
}

function isAsked(category: string): boolean {
  return category === 'untrusted-inconsistent' || /^trusted-(positive|negative|inconsistent)$/.test(category);
}
