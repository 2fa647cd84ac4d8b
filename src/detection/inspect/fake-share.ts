import { type DefinedEstimate, type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer, ShareEstimate } from '../../core/inspection.ts';
import { auroc } from '../../stats/auroc.ts';
import { irreducibleMixtureShare } from '../../stats/irreducible-mixture-share.ts';
import { knownMixtureShare } from '../../stats/known-mixture-share.ts';
import { wilsonEstimate } from '../../stats/wilson-estimate.ts';
import { type CrossFitted, crossFit, isUnasked } from './cross-fit.ts';
import type { InspectView } from './inspect-view.ts';
import { type TopicShift, topicShift } from './topic-shift.ts';

/** The share of fake positives among untrusted positives, by each method and together. */
export interface FakeShare {
  readonly combined: Estimate;
  readonly methods: readonly ShareEstimate[];
  /** AUROC of trusted positives against untrusted inconsistent examples by the score that the methods share. */
  readonly separation: Estimate;
}

/** Cross-fitted scores of the examples that the methods compare; higher = more like trusted positives. */
interface Scores {
  readonly untrusted: Float64Array;
  readonly trusted: Float64Array;
  /** Empty where there are too few. */
  readonly inconsistent: Float64Array;
}

/** An estimate with what it rests on; one-sided: its upper end says nothing. */
interface Method extends ShareEstimate {
  readonly oneSided?: boolean;
}

const least = 10;
/** With fewer the normal approximations of the methods are too narrow. */
const leastPositives = 20;
/** An upper end from here on says nothing. */
const nearlyAll = 0.9;

/**
 * Estimates π, the share of fakes F in untrusted positives U = (1 − π)·R + π·F, from one cross-fitted score that tells
 * trusted positives T from untrusted inconsistent (I) and untrusted positive examples. Both methods take T to be drawn
 * like the real positives R. Where scores of all-negatives, among which no fake can be, differ between trusted and
 * untrusted, that is held to be topic, and each method is repeated with T's scores moved by as much, and by the ends of
 * an 80 % interval of it.
 */
export async function fakeShare(view: InspectView, topic: Estimate): Promise<FakeShare> {
  const trusted = view.of('trusted-positive');
  const untrusted = view.of('untrusted-positive');
  const inconsistent = view.of('untrusted-inconsistent');
  const evidence = inconsistent.length >= least && !oftenInnocent(view) ? [inconsistent] : [];
  const also = view.of('trusted-negative', 'untrusted-negative');
  if (Math.min(trusted.length, untrusted.length) < leastPositives) {
    const reason = { undefined: `fewer than ${leastPositives} positives are trusted, or untrusted` };
    return { combined: reason, methods: [], separation: reason };
  }
  const fitted = await crossFit(view, { yes: trusted, no: [...evidence, untrusted], also });
  if (isUnasked(fitted)) {
    return { combined: fitted, methods: [], separation: fitted };
  }
  const scores = {
    untrusted: fitted.of(untrusted),
    trusted: fitted.of(trusted),
    inconsistent: fitted.of(evidence.flat()),
  };
  const methods = methodsOf(scores, shiftOf(view, fitted, topic));
  return {
    combined: combine(methods),
    methods: methods.map(({ oneSided, ...method }) => method),
    separation: separationOf(scores.trusted, scores.inconsistent),
  };
}

/** Whether trusted examples, with which nobody tampered, are inconsistent a third as often as untrusted ones, or more often. */
function oftenInnocent(view: InspectView): boolean {
  const rate = (whose: 'trusted' | 'untrusted') => {
    const inconsistent = view.of(`${whose}-inconsistent`).length;
    return wilsonEstimate(inconsistent, inconsistent + view.of(`${whose}-positive`, `${whose}-negative`).length);
  };
  const [trusted, untrusted] = [rate('trusted'), rate('untrusted')];
  return isDefined(trusted) && isDefined(untrusted) && trusted.lower > untrusted.value / 3;
}

function shiftOf(view: InspectView, fitted: CrossFitted, topic: Estimate): TopicShift {
  const [trusted, untrusted] = [fitted.of(view.of('trusted-negative')), fitted.of(view.of('untrusted-negative'))];
  return topicShift(trusted, untrusted, topic);
}

function methodsOf(scores: Scores, shift: TopicShift): readonly Method[] {
  const raw = [bestCut(scores), inconsistentAsFakes(scores)].map((method) =>
    doubt(method, shift.refuted, shift.reason),
  );
  if (shift.candidates.length === 0) return raw;
  const moved = shift.candidates.map((by) => ({ ...scores, trusted: scores.trusted.map((score) => score + by) }));
  const repeated = [moved.map(bestCut), moved.map(inconsistentAsFakes)].map(topicAdjusted);
  return [...raw, ...repeated.map((method) => doubt(method, shift.tooLarge ? 'yes' : 'no', tooLarge))];
}

const tooLarge = 'Refuted as far as can be seen: all-negatives differ so much that no correction can be believed.';

/** One method on every candidate of the shift: the hull. */
function topicAdjusted(candidates: readonly Method[]): Method {
  const middle = candidates[1] as Method;
  const estimates = candidates.map(({ estimate }) => estimate).filter(isDefined);
  const whole = estimates.length === candidates.length;
  const value = isDefined(middle.estimate) ? middle.estimate.value : undefined;
  return {
    ...middle,
    method: `${middle.method}-topic-adjusted`,
    title: `${middle.title}, corrected for topic`,
    assumption: `${middle.assumption} Trusted scores are first moved by what all-negatives show to be mere topic.`,
    oneSided: candidates.some(({ oneSided }) => oneSided === true),
    refuted: candidates.every(({ refuted }) => refuted === 'yes') ? 'yes' : 'no',
    estimate: (whole && hull(candidates, candidates, value)) || {
      undefined: 'it cannot be computed for some of the corrections that topic allows',
    },
  };
}

function doubt(method: Method, refuted: Answer, reason: string): Method {
  if (refuted === 'no' || method.refuted === 'yes') return method;
  return { ...method, refuted, assumption: `${method.assumption} ${reason}` };
}

function bestCut({ untrusted, trusted, inconsistent }: Scores): Method {
  const supported = toldApart(trusted, inconsistent);
  const standIn = supported ? { standIn: inconsistent } : {};
  const estimate = irreducibleMixtureShare({ mixture: untrusted, known: trusted, ...standIn });
  const base = {
    method: 'best-cut',
    title: 'Best cut of a score (irreducible mixture)',
    assumption:
      'The lower end holds if trusted positives are drawn like real ones. The upper end also needs scores that fakes hardly ' +
      'reach: no more often than inconsistent examples do.',
  };
  if (!isDefined(estimate)) return { ...base, refuted: 'cannot-tell', estimate };
  if (supported) return { ...base, refuted: 'no', oneSided: estimate.upper >= nearlyAll, estimate };
  return { ...base, refuted: 'cannot-tell', oneSided: true, estimate: { ...estimate, upper: 1 } };
}

function inconsistentAsFakes({ untrusted, trusted, inconsistent }: Scores): Method {
  const base = {
    method: 'inconsistent-as-fakes',
    title: 'Inconsistent examples as a sample of fakes (known components)',
    assumption:
      'Trusted positives are drawn like real ones, and fake positives score like inconsistent examples, whose tampering failed.',
  };
  if (!toldApart(trusted, inconsistent)) {
    const reason = 'inconsistent examples are too few, too like trusted positives, or as common among trusted examples';
    return { ...base, refuted: 'cannot-tell', estimate: { undefined: reason } };
  }
  const { estimate, fit } = knownMixtureShare({ mixture: untrusted, first: trusted, second: inconsistent });
  const refuted = !isDefined(estimate) || (fit !== undefined && fit < 0.01) ? 'yes' : 'no';
  return { ...base, refuted, estimate };
}

/** Too little to tell apart, so that a method that divides by it would answer anything. */
const leastSeparation = 0.55;

function toldApart(trusted: Float64Array, inconsistent: Float64Array): boolean {
  const estimate = separationOf(trusted, inconsistent);
  return isDefined(estimate) && estimate.lower > leastSeparation;
}

function separationOf(trusted: Float64Array, inconsistent: Float64Array): Estimate {
  if (inconsistent.length < least)
    return { undefined: `fewer than ${least} untrusted examples are inconsistent, or trusted ones are about as often` };
  const classes = [...trusted, ...inconsistent].map((_, i) => i < trusted.length);
  return auroc([...trusted, ...inconsistent], classes);
}

/** The hull of the methods that nothing speaks against; a one-sided method gives its lower end. */
function combine(methods: readonly Method[]): Estimate {
  const usable = methods.filter(({ refuted, estimate }) => refuted !== 'yes' && isDefined(estimate));
  const twoSided = usable.filter(({ oneSided }) => oneSided !== true);
  const all = hull(usable, twoSided);
  if (all === undefined) return { undefined: 'every method rests on something that the data refute' };
  if (all.lower >= 0.01 || all.upper < nearlyAll) return all;
  return { undefined: 'any share from nearly none to nearly all fits the data' };
}

/** From the lowest lower end to the highest upper end of those that have one; the value is their mean. */
function hull(lowers: readonly Method[], uppers: readonly Method[], value?: number): DefinedEstimate | undefined {
  const [first, ...others] = lowers.map(({ estimate }) => estimate).filter(isDefined);
  if (first === undefined) return undefined;
  const ends = uppers.map(({ estimate }) => estimate).filter(isDefined);
  const values = (ends.length > 0 ? ends : [first, ...others]).map((estimate) => estimate.value);
  const lower = Math.min(first.lower, ...others.map((estimate) => estimate.lower));
  const upper = ends.length > 0 ? Math.max(...ends.map((estimate) => estimate.upper)) : 1;
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { ...first, value: value ?? mean, lower, upper, method: 'hull-of-methods' };
}
