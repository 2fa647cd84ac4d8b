import type { Estimate, MetricId, UndefinedEstimate } from '../core/estimates.ts';
import { auroc, aurocDifference, type Comparison } from '../stats/auroc.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { differentialElicitation } from '../stats/differential-elicitation.ts';
import { pooledPerformanceGapRecovered, shareGapRecovered } from '../stats/pgr.ts';
import { pooledAuroc, pooledAurocDifference } from '../stats/pooled-auroc.ts';
import type { SeedScores } from '../stats/pooled-mean.ts';
import { pooledShare, pooledShareDifference } from '../stats/pooled-share.ts';
import { share, shareDifference } from '../stats/share.ts';
import type { Party, PartySeed } from './weak-to-strong-parties.ts';

/** A way to measure a party against ground truth, of one seed or over several, with the ids that its results carry. */
export interface Yardstick {
  readonly value: MetricId;
  readonly toNaive: MetricId;
  readonly toWeak: MetricId;
  readonly pgr: MetricId;
  estimate(party: Party): Estimate;
  compare(a: Party, b: Party): Comparison;
  recovered(student: Party, floor: Party, ceiling: Party): Estimate;
}

export function aurocYardstick(options: BootstrapOptions): Yardstick {
  return {
    ...{ value: 'ground-truth-auroc', toNaive: 'difference-to-naive', toWeak: 'difference-to-weak', pgr: 'pgr-auroc' },
    estimate: (party) =>
      overSeeds('scores', [party], (seeds) => {
        const scored = seeds.map(({ truth, of: [scores] }) => ({ scores: scores as Float64Array, positives: truth }));
        const [first] = scored as [(typeof scored)[number]];
        return scored.length === 1 ? auroc(first.scores, first.positives, options) : pooledAuroc(scored, options);
      }),
    compare: (one, other) =>
      compareOverSeeds('scores', one, other, (seeds) => {
        const pairs = seeds.map(({ truth, of }) => {
          const [a, b] = of as [Float64Array, Float64Array];
          return { a, b, positives: truth };
        });
        const [{ a, b, positives }] = pairs as [(typeof pairs)[number]];
        return pairs.length === 1 ? aurocDifference(a, b, positives, options) : pooledAurocDifference(pairs, options);
      }),
    recovered: (...parties) =>
      overSeeds('scores', parties, (seeds) => {
        const gaps = seeds.map(({ truth, of }) => ({ ...threeOf(of), positives: truth }));
        return pooledPerformanceGapRecovered(gaps, options);
      }),
  };
}

export function accuracyYardstick(options: BootstrapOptions): Yardstick {
  return {
    value: 'ground-truth-accuracy',
    toNaive: 'accuracy-difference-to-naive',
    toWeak: 'accuracy-difference-to-weak',
    pgr: 'pgr-accuracy',
    estimate: (party) => shareOver('right', party, options),
    compare: (one, other) =>
      compareOverSeeds('right', one, other, (seeds) => {
        const [{ of }] = seeds as [KnownSeed];
        const [a, b] = of as [Float64Array, Float64Array];
        return seeds.length === 1 ? shareDifference(a, b, options) : pooledShareDifference(seeds.map(termsOf), options);
      }),
    recovered: (...parties) =>
      overSeeds('right', parties, (seeds) => {
        const gaps = seeds.map(({ truth, of }) => ({ ...threeOf(of), examples: truth }));
        return shareGapRecovered(gaps, options);
      }),
  };
}

/** Accuracy or agreement; its method says where the threshold came from, if it was not log-odds 0. */
export function shareOver(what: 'right' | 'agreed', party: Party, options: BootstrapOptions): Estimate {
  const estimate = overSeeds(what, [party], (seeds) => {
    const [{ of }] = seeds as [KnownSeed];
    return seeds.length === 1 ? share(of[0] as Float64Array, options) : pooledShare(seeds.map(termsOf), options);
  });
  if ('undefined' in estimate || !party.thresholded) return estimate;
  return { ...estimate, method: `${estimate.method}, threshold at the weak base rate` };
}

/** Differential elicitation, paired. */
export function elicitationOver(technique: Party, baseline: Party, tuned: Party, options: BootstrapOptions): Estimate {
  return overSeeds('right', [technique, baseline, tuned], (seeds) => {
    const terms = seeds.map(({ truth, of }) => {
      const [own, zero, top] = of as [Float64Array, Float64Array, Float64Array];
      return { technique: own, baseline: zero, tuned: top, examples: truth };
    });
    return differentialElicitation(terms, options);
  });
}

/** A calibration error of log-odds. */
export function calibrationOver(
  party: Party,
  error: (perSeed: readonly SeedScores[], options: BootstrapOptions) => Estimate,
  options: BootstrapOptions,
): Estimate {
  return overSeeds('scores', [party], (seeds) => {
    const scored = seeds.map(({ truth, of: [scores] }) => ({ scores: scores as Float64Array, positives: truth }));
    return error(scored, options);
  });
}

/** One seed's examples, and what is known of them about each of some parties. */
interface KnownSeed {
  readonly truth: readonly boolean[];
  readonly of: readonly Float64Array[];
}

/** Asks for `what` of the parties, seed by seed; a reason why a part of it is not known is the answer. */
function overSeeds(
  what: Exclude<keyof PartySeed, 'truth'>,
  parties: readonly Party[],
  estimate: (seeds: readonly KnownSeed[]) => Estimate,
): Estimate {
  const found = knownOf(what, parties);
  return 'undefined' in found ? found : estimate(found.seeds);
}

function compareOverSeeds(
  what: Exclude<keyof PartySeed, 'truth'>,
  a: Party,
  b: Party,
  compare: (seeds: readonly KnownSeed[]) => Comparison,
): Comparison {
  const found = knownOf(what, [a, b]);
  return 'undefined' in found ? { estimate: found, pValue: undefined } : compare(found.seeds);
}

function knownOf(
  what: Exclude<keyof PartySeed, 'truth'>,
  parties: readonly Party[],
): { readonly seeds: readonly KnownSeed[] } | UndefinedEstimate {
  const values = parties.flatMap(({ perSeed }) => perSeed.map((seed) => seed[what]));
  const missing = values.find((value) => 'undefined' in value);
  if (missing !== undefined) return missing as UndefinedEstimate;
  const [first] = parties as [Party];
  const seeds = first.perSeed.map(({ truth }, i) => ({
    truth,
    of: parties.map(({ perSeed }) => (perSeed[i] as PartySeed)[what] as Float64Array),
  }));
  return { seeds };
}

function termsOf({ truth, of }: KnownSeed) {
  return { terms: of, examples: truth };
}

function threeOf(of: readonly Float64Array[]) {
  const [student, floor, ceiling] = of as [Float64Array, Float64Array, Float64Array];
  return { student, floor, ceiling };
}
