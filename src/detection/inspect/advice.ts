import { isDefined } from '../../core/estimates.ts';
import type { InspectView } from './inspect-view.ts';
import type { AlarmNeed } from './power-finding.ts';
import type { Weighed } from './verdict.ts';
import { countOf } from './wording.ts';

/** What to collect or change next, the most useful first; each says how many and what for. */
export function adviceOn(view: InspectView, weighed: Weighed, alarms: readonly AlarmNeed[]): readonly string[] {
  const advice = [...basics(view), ...structure(view, weighed), ...calibration(view, alarms), ...shares(view, weighed)];
  const last =
    'Let a person check some of the flagged examples and some at random (--audit-budget 50): that measures the share of fakes with no assumption but that the person is right.';
  return [...advice, last];
}

function basics(view: InspectView): readonly string[] {
  const [trusted, untrusted] = [view.of('trusted-positive').length, view.of('untrusted-positive').length];
  const advice: string[] = [];
  if (view.of('unmeasured').length === view.examples.length) {
    advice.push('Check the mapping of the measurement columns: no measurement was found to be present.');
  }
  if (trusted < 20) {
    advice.push(
      `Collect ${countOf(100 - trusted)} more trusted positives: outcomes that a person checked or that could not have been tampered with, ` +
        'of the same tasks as the others; 100 allow an alarm at 5 %.',
    );
  }
  if (untrusted < 20)
    advice.push(`Add untrusted positives, at least ${20 - untrusted} more: they are what is to be judged.`);
  return advice;
}

function structure(view: InspectView, { topic, findings }: Weighed): readonly string[] {
  const advice: string[] = [];
  const inconsistent = view.of('untrusted-inconsistent').length;
  if (view.measurementNames.length < 2) {
    advice.push(
      'Measure each outcome in a second, independent way: examples on which the two disagree are the best evidence there is.',
    );
  } else if (inconsistent < 100) {
    const more = countOf(100 - inconsistent);
    advice.push(
      `Keep examples whose measurements disagree (${inconsistent} untrusted ones so far, ${more} more would do), or add measurements.`,
    );
  }
  const negatives = [view.of('trusted-negative').length, view.of('untrusted-negative').length] as const;
  if (isDefined(topic) && topic.lower > 0.5) {
    const few = view.of('trusted-positive').length;
    advice.push(
      `Draw trusted examples from the same tasks as untrusted ones: check about ${countOf(Math.max(100, few))} untrusted outcomes at random and mark those as trusted whose measurements are right.`,
    );
  } else if (Math.min(...negatives) < 100) {
    const more = negatives.flatMap((count, k) =>
      count < 100 ? [`${countOf(100 - count)} more ${k === 0 ? 'trusted' : 'untrusted'}`] : [],
    );
    advice.push(`Keep failures too: ${more.join(' and ')} all-negatives would help to tell topic from tampering.`);
  }
  if (findings.some(({ id, answer }) => id === 'measurements-predictable' && answer === 'no')) {
    advice.push(
      'Use richer features: another model, or finetune the encoder on the measurements (training.trainable: full).',
    );
  }
  return advice;
}

/** The next alarm rate that is out of reach, or not yet accurate. */
function calibration(view: InspectView, alarms: readonly AlarmNeed[]): readonly string[] {
  const trusted = view.of('trusted-positive').length;
  if (trusted < 20) return [];
  const next = [...alarms].sort((a, b) => b.rate - a.rate).find(({ wanted }) => trusted < wanted);
  if (next === undefined) return [];
  const { rate, wanted } = next;
  return [`Collect ${countOf(wanted - trusted)} more trusted positives for an accurate alarm at ${rate * 100} %.`];
}

function shares(view: InspectView, { detectable }: Weighed): readonly string[] {
  if (detectable === undefined || detectable <= 0.05) return [];
  // The detectable share falls with the root of the number of examples, so a goal of 5 % needs this many times as many.
  const times = (detectable / 0.05) ** 2;
  if (times > 1000) return [];
  const trusted = view.of('trusted-positive').length;
  const untrusted = view.of('untrusted-positive').length;
  return [
    `To notice a share of fakes of 5 %, about ${roughly(trusted * times)} trusted and ${roughly(untrusted * times)} untrusted positives are needed, or features that tell them better.`,
  ];
}

/** To two digits: what it rests on is known no better. */
function roughly(count: number): string {
  return countOf(Number(count.toPrecision(2)));
}
