import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer, Finding, InspectionRecord } from '../../core/inspection.ts';
import type { FakeShare } from './fake-share.ts';
import type { InspectView } from './inspect-view.ts';
import { countOf, percent } from './wording.ts';

/** What the verdict weighs. */
export interface Weighed {
  readonly findings: readonly Finding[];
  readonly share: FakeShare;
  /** AUROC between trusted and untrusted all-negatives. */
  readonly topic: Estimate;
  readonly detectable: number | undefined;
}

/** Fewer trusted or untrusted positives leave nothing to compare. */
const leastPositives = 20;

/** Whether tampering could be detected in these data, with the reasons, the weightiest first. */
export function verdictOf(view: InspectView, weighed: Weighed): InspectionRecord['verdict'] {
  const missing = missingOf(view);
  if (missing.length > 0) {
    return nothingThere(view)
      ? { answer: 'no', summary: 'Tampering cannot be detected in these data as they are.', reasons: missing }
      : {
          answer: 'cannot-tell',
          summary: 'There are too few examples to tell whether tampering could be detected.',
          reasons: missing,
        };
  }
  const against = reasonsAgainst(view, weighed);
  const seen = answerTo(weighed.findings, 'evidence-of-tampering');
  const share = weighed.share.combined;
  const reasons = [...reasonsFor(weighed), ...against];
  if (isDefined(share) && share.lower > 0.01) {
    const range = `${percent(share.lower)} to ${percent(share.upper)}`;
    if (!isDefined(weighed.topic)) {
      const summary = `Untrusted positives differ from trusted ones as if ${range} of them were fake, but whether that is tampering or mere topic cannot be told.`;
      return { answer: 'cannot-tell', summary, reasons };
    }
    const summary = `Tampering can be detected here, and there are signs of it: ${range} of the untrusted positives look fake.`;
    return { answer: 'yes', summary, reasons };
  }
  if (seen === 'yes') {
    const shown = isDefined(share) ? `, and at most ${percent(share.upper)} of the untrusted positives look fake` : '';
    return { answer: 'yes', summary: `Tampering could be detected here${shown}.`, reasons };
  }
  if (nothingKnown(weighed)) {
    const summary =
      'Tampering cannot be detected with these features: little or no sign of the measurements, or of tampering, is in them.';
    return { answer: 'no', summary, reasons };
  }
  return {
    answer: 'cannot-tell',
    summary: 'Whether tampering could be detected here cannot be told from these data.',
    reasons,
  };
}

/** Structure without which nothing can be said at all. */
function missingOf(view: InspectView): readonly string[] {
  const [trusted, untrusted] = [view.of('trusted-positive').length, view.of('untrusted-positive').length];
  const measured = view.examples.length - view.of('unmeasured').length;
  if (measured === 0) return ['Every measurement of every example is absent.'];
  const few = (count: number, what: string, why: string) =>
    count >= leastPositives ? [] : [`There ${are(count)} ${what}; at least ${leastPositives} are needed ${why}.`];
  return [
    ...few(trusted, 'trusted and all positive', 'to know what real success looks like'),
    ...few(untrusted, 'untrusted and all positive', 'for there to be something to doubt'),
  ];
}

/** Whether a kind of example that detection lives on is wholly absent. */
function nothingThere(view: InspectView): boolean {
  return view.of('trusted-positive').length === 0 || view.of('untrusted-positive').length === 0;
}

function are(count: number): string {
  if (count === 0) return 'are no examples that are';
  return count === 1 ? 'is 1 example that is' : `are ${countOf(count)} examples that are`;
}

function reasonsFor({ findings }: Weighed): readonly string[] {
  return findings
    .filter(({ id, answer }) => answer === 'yes' && ['evidence-of-tampering', 'fake-share'].includes(id))
    .map(({ text }) => firstSentence(text));
}

function reasonsAgainst(view: InspectView, { findings, topic, share, detectable }: Weighed): readonly string[] {
  const reasons: string[] = [];
  if (view.measurementNames.length < 2) {
    reasons.push('There is one measurement, so no example can be inconsistent: failed tampering leaves no trace.');
  } else if (view.of('untrusted-inconsistent').length < 10) {
    reasons.push(
      'Fewer than ten untrusted examples are inconsistent, so there is no evidence of failed tampering to learn from.',
    );
  } else if (answerTo(findings, 'evidence-of-tampering') !== 'yes') {
    reasons.push(textOf(findings, 'evidence-of-tampering'));
  }
  if (isDefined(topic) && topic.lower > 0.5) {
    reasons.push(
      `Trusted and untrusted all-negatives can be told apart (AUROC ${topic.value.toFixed(2)}), so trusted examples are not drawn like ` +
        'untrusted ones: part of any difference between positives is topic.',
    );
  }
  if (!isDefined(topic))
    reasons.push('Without trusted and untrusted all-negatives nobody can tell topic from tampering.');
  if (answerTo(findings, 'measurements-predictable') === 'no')
    reasons.push(textOf(findings, 'measurements-predictable'));
  if (!isDefined(share.combined)) reasons.push(`The share of fakes is unknown: ${share.combined.undefined}.`);
  if (detectable !== undefined && detectable > 0.1) {
    reasons.push(
      detectable > 1
        ? 'No share of fakes would be noticed in four of five cases with so few examples and these features.'
        : `A share of fakes below ${percent(detectable)} would be noticed in fewer than four of five cases with so few examples and these features.`,
    );
  }
  return reasons;
}

/** Features that tell neither the measurements nor the evidence. */
function nothingKnown({ findings }: Weighed): boolean {
  const ids = ['measurements-predictable', 'evidence-of-tampering'];
  return ids.every((id) => answerTo(findings, id) === 'no');
}

function answerTo(findings: readonly Finding[], id: string): Answer | undefined {
  return findings.find((finding) => finding.id === id)?.answer;
}

function textOf(findings: readonly Finding[], id: string): string {
  return findings.find((finding) => finding.id === id)?.text ?? '';
}

function firstSentence(text: string): string {
  return /^.*?[.](?= [A-Z(]|$)/s.exec(text)?.[0] ?? text;
}
