import type { UndefinedEstimate } from '../core/estimates.ts';
import { agreement, baseRateThreshold, callsAbove } from '../stats/calls.ts';
import type { Contender, Judged } from './judge.ts';

/** All techniques and the weak supervisor on one seed and split, over all its untrusted examples. */
export interface WeakBench {
  readonly seed: number;
  /** Ground truth of these examples, in the order of every technique's scores. */
  readonly truth: readonly boolean[];
  /** Weak label of each, in [0, 1]; null where every measurement is masked. */
  readonly weakLabels: readonly (number | null)[];
  /** Mean weak label of the training examples, undefined where none has one. Ground truth has no part in it. */
  readonly baseRate: number | undefined;
  /** Their scores are over all these examples. */
  readonly techniques: readonly Judged[];
}

/** What is known of each example, (n), or why it is not. */
type Known = Float64Array | UndefinedEstimate;

/** One seed's part of a {@link Party}. */
export interface PartySeed {
  readonly truth: readonly boolean[];
  readonly scores: Known;
  /** 1 where the call is the ground truth, 0 where it is not, ½ where the call is a tie. */
  readonly right: Known;
  /** The same against the weak label's call. */
  readonly agreed: Known;
}

/** A technique or the weak supervisor, over the seeds that are judged together. */
export interface Party extends Contender {
  readonly control: boolean;
  /** Whether its calls come from the weak base rate, its score being no log-odds. */
  readonly thresholded: boolean;
  readonly perSeed: readonly PartySeed[];
}

/** `Result.technique` of the weak labels' own metrics; it is no technique. */
export const weakSupervisorName = 'weak-supervisor';

/** What is judged together: one seed, or all. */
interface Group {
  readonly seed: number | 'all';
  readonly techniques: readonly Party[];
  readonly weak: Party;
}

/** Each seed for itself and, of several, all together. */
export function groupsOf(benches: readonly WeakBench[]): readonly Group[] {
  const each = benches.map((bench) => ({ seed: bench.seed, ...partiesOf(bench) }));
  if (each.length < 2) return each;
  const [first] = each as [(typeof each)[number]];
  const together = (party: Party, find: (own: (typeof each)[number]) => Party | undefined) => {
    return { ...party, perSeed: each.flatMap((own) => (find(own) as Party).perSeed) };
  };
  const techniques = first.techniques.map((party) =>
    together(party, (own) => own.techniques.find(({ technique }) => technique === party.technique)),
  );
  return [...each, { seed: 'all', techniques, weak: together(first.weak, ({ weak }) => weak) }];
}

/** The techniques and the weak supervisor of one seed. A log-odds calls positive above 0, another score above its (1 − base rate)-quantile. */
function partiesOf(bench: WeakBench): { readonly techniques: readonly Party[]; readonly weak: Party } {
  const { truth, techniques } = bench;
  const weakScores = weakScoresOf(bench);
  const weakCalls = 'undefined' in weakScores ? weakScores : callsAbove(weakScores, 0, 'half');
  const perSeed = (scores: Known, calls: Known): readonly PartySeed[] => {
    const right = 'undefined' in calls ? calls : agreement(calls, truth);
    return [{ truth, scores, right, agreed: agreedOf(calls, weakCalls) }];
  };
  const weak = { technique: weakSupervisorName, ceiling: false, control: false, thresholded: false };
  return {
    techniques: techniques.map(({ technique, ceiling, control, calibrated, scores }) => {
      const calls = calibrated ? callsAbove(scores, 0) : callsAtBaseRate(scores, bench);
      return { technique, ceiling, control, thresholded: !calibrated, perSeed: perSeed(scores, calls) };
    }),
    weak: { ...weak, perSeed: perSeed(weakScores, weakCalls) },
  };
}

/** Weak labels about 0; a soft label of exactly one half is a tie. */
function weakScoresOf({ weakLabels }: WeakBench): Known {
  const missing = weakLabels.filter((label) => label === null).length;
  if (missing === 0) return Float64Array.from(weakLabels, (label) => (label as number) - 0.5);
  const all = weakLabels.length;
  return { undefined: `${missing} of ${all} examples have no weak label: all their measurements are masked` };
}

function callsAtBaseRate(scores: Float64Array, { baseRate }: WeakBench): Known {
  if (baseRate === undefined) return { undefined: 'no training example has a weak label to take a base rate from' };
  return scores.length === 0 ? scores : callsAbove(scores, baseRateThreshold(scores, baseRate));
}

function agreedOf(calls: Known, weakCalls: Known): Known {
  if ('undefined' in weakCalls) return weakCalls;
  return 'undefined' in calls ? calls : agreement(calls, weakCalls);
}
