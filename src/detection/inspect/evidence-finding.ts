import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Finding } from '../../core/inspection.ts';
import { independentDifference } from '../../stats/independent-difference.ts';
import { wilsonEstimate } from '../../stats/wilson-estimate.ts';
import { crossFit } from './cross-fit.ts';
import type { InspectView } from './inspect-view.ts';
import { aurocBetween, toldApart, whetherToldApart } from './told-apart.ts';
import { hasWords, wordFit } from './word-fit.ts';
import { numberOf, percentOf } from './wording.ts';

/**
 * Whether inconsistent measurements are evidence of tampering that a probe can learn: the evidence probe (methods.md 11.3),
 * cross-fitted, and the same probe between trusted and untrusted all-negatives, where it sees topic and, at most, tampering
 * that failed wholly. Bare words are asked the same, so that it shows whether the features know more than these.
 */
export async function evidenceFinding(view: InspectView): Promise<Finding> {
  const trusted = view.of('trusted-positive', 'trusted-negative', 'trusted-inconsistent');
  const inconsistent = view.of('untrusted-inconsistent');
  const [trustedNegative, untrustedNegative] = [view.of('trusted-negative'), view.of('untrusted-negative')];
  const fitted = await crossFit(view, { yes: trusted, no: [inconsistent], also: untrustedNegative });
  const evidence = aurocBetween(fitted, trusted, inconsistent);
  const words = hasWords(view) ? await toldApart(view, trusted, inconsistent, wordFit(view)) : undefined;
  const positives = aurocBetween(fitted, view.of('trusted-positive'), inconsistent);
  const topic = enough(trustedNegative, untrustedNegative)
    ? aurocBetween(fitted, trustedNegative, untrustedNegative)
    : { undefined: 'fewer than ten trusted or untrusted all-negatives' };
  const beyond = independentDifference(positives, topic);
  const flaky = wilsonEstimate(view.of('trusted-inconsistent').length, trusted.length);
  const failed = wilsonEstimate(inconsistent.length, inconsistent.length + untrustedConsistent(view));
  return {
    id: 'evidence-of-tampering',
    question: 'Do inconsistent examples look different from trusted ones, beyond their topic?',
    answer: answerOf(evidence, topic, beyond, flaky, failed),
    text: wordingOf({ evidence, topic, beyond, flaky, failed }),
    estimates: [
      { label: 'AUROC of trusted against untrusted inconsistent', estimate: evidence },
      ...(words ? [{ label: 'the same from bare words', estimate: words }] : []),
      { label: 'AUROC of trusted positives against untrusted inconsistent, same probe', estimate: positives },
      { label: 'AUROC of trusted against untrusted all-negatives, same probe (topic)', estimate: topic },
      { label: 'difference: evidence beyond topic', estimate: beyond },
      { label: 'inconsistent share of trusted examples', estimate: flaky },
      { label: 'inconsistent share of untrusted examples', estimate: failed },
    ],
  };
}

function enough(...kinds: readonly (readonly number[])[]): boolean {
  return kinds.every(({ length }) => length >= 10);
}

function untrustedConsistent(view: InspectView): number {
  return view.of('untrusted-positive', 'untrusted-negative').length;
}

/** Whether trusted examples are inconsistent about as often, so that it is no sign of tampering. */
function oftenInnocent(flaky: Estimate, failed: Estimate): boolean {
  return isDefined(flaky) && isDefined(failed) && flaky.lower > failed.value / 3;
}

function answerOf(evidence: Estimate, topic: Estimate, beyond: Estimate, flaky: Estimate, failed: Estimate) {
  const apart = whetherToldApart(evidence);
  if (apart !== 'yes') return apart;
  if (!isDefined(topic) || oftenInnocent(flaky, failed)) return 'cannot-tell';
  return isDefined(beyond) && beyond.lower > 0 ? 'yes' : 'cannot-tell';
}

function wordingOf(found: Readonly<Record<'evidence' | 'topic' | 'beyond' | 'flaky' | 'failed', Estimate>>): string {
  const { evidence, topic, beyond, flaky, failed } = found;
  if (!isDefined(evidence)) return `Cannot tell: ${evidence.undefined}.`;
  const first = `A classifier tells trusted examples from untrusted inconsistent ones with an AUROC of ${numberOf(evidence)}.`;
  const often = oftenInnocent(flaky, failed)
    ? ` But trusted examples are inconsistent in ${percentOf(flaky)} of cases and untrusted ones in ${percentOf(failed)}: measurements disagree without anybody tampering.`
    : '';
  const apart = whetherToldApart(evidence);
  if (apart === 'cannot-tell') return `${first} That might be chance: there are too few examples to tell.${often}`;
  if (apart === 'no')
    return `${first} So the features hold little or no trace of what makes measurements disagree.${often}`;
  if (!isDefined(topic)) {
    return `${first} Whether that is more than topic cannot be checked: ${topic.undefined}.${often}`;
  }
  const second = ` Between trusted and untrusted all-negatives, among which no fake positive can be, the same classifier reaches ${numberOf(topic)}.`;
  const third =
    isDefined(beyond) && beyond.lower > 0
      ? ' So more than topic sets inconsistent examples apart.'
      : ' So topic alone might explain it.';
  return `${first}${second}${third}${often}`;
}
