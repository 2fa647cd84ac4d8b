import type { Estimate, MetricId } from '../core/estimates.ts';
import type { ControlBand, Result } from '../core/records.ts';
import { accuracy, pooledAccuracy } from '../stats/accuracy.ts';
import { auroc, aurocDifference, type Comparison } from '../stats/auroc.ts';
import { averagePrecision, pooledAveragePrecision } from '../stats/average-precision.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { brier, pooledBrier } from '../stats/brier.ts';
import { holm } from '../stats/multiplicity.ts';
import { performanceGapRecovered, pooledPerformanceGapRecovered } from '../stats/pgr.ts';
import { pooledAuroc, pooledAurocDifference } from '../stats/pooled-auroc.ts';
import { quantile } from '../stats/quantile.ts';
import { pooledTprAtFpr, tprAtFpr } from '../stats/tpr-at-fpr.ts';

/**
 * The judge: the only place where scores meet ground truth. Every metric is over the untrusted examples whose every
 * measurement is positive (real and fake positives); a positive is a real one, and higher scores mean more likely real.
 */

/** Whose results they are. */
export interface Contender {
  readonly technique: string;
  readonly ceiling: boolean;
}

/** A technique on one seed and split: its scores on the real and fake positives. */
export interface Judged extends Contender {
  /** A control is shown, but asked neither for a difference nor for a recovered gap. */
  readonly control: boolean;
  /** Whether scores are log-odds, so that accuracy and Brier score mean something. */
  readonly calibrated: boolean;
  readonly scores: Float64Array;
}

/** All techniques on one seed and split. */
export interface Bench {
  readonly seed: number;
  /** Ground truth of the real and fake positives, in the order of every technique's scores. */
  readonly real: readonly boolean[];
  readonly techniques: readonly Judged[];
}

/** What every result of a table has in common. */
export interface Place {
  readonly setting: string;
  readonly model: string;
  readonly split: string;
}

export interface Ends {
  /** Technique that every other is compared with. */
  readonly floor: string;
  readonly ceiling: string;
  /** Technique that sees the text's surface alone; where it was not run, nothing is compared with it. */
  readonly surface: string;
}

/** All results of one seed on one split. */
export function judgeSeed(bench: Bench, place: Place, ends: Ends, options: BootstrapOptions = {}): Result[] {
  const { real, seed, techniques } = bench;
  const rows = techniques.flatMap((judged) => {
    const estimates: [MetricId, Estimate][] = [
      ['real-vs-fake-auroc', auroc(judged.scores, real)],
      ['average-precision', averagePrecision(judged.scores, real, options)],
      ['tpr-at-fpr-0.01', tprAtFpr(judged.scores, real, 0.01, options)],
      ['tpr-at-fpr-0.05', tprAtFpr(judged.scores, real, 0.05, options)],
      ['accuracy', ifCalibrated(judged, () => accuracy(judged.scores, real))],
      ['brier', ifCalibrated(judged, () => brier(judged.scores, real, options))],
    ];
    return estimates.map(([metric, estimate]) => resultOf(judged, place, seed, metric, estimate));
  });
  const compare = (a: Judged, b: Judged) => aurocDifference(a.scores, b.scores, real);
  const recovered = (student: Judged, floor: Judged, ceiling: Judged) =>
    performanceGapRecovered({ student: student.scores, floor: floor.scores, ceiling: ceiling.scores }, real, options);
  return [
    ...rows,
    ...allDifferences(techniques, place, seed, ends, compare),
    ...gaps(techniques, place, seed, ends, recovered),
  ];
}

/** Results over all seeds on one split: means over seeds, intervals by a bootstrap over seeds, then examples. */
export function judgeAllSeeds(
  benches: readonly Bench[],
  place: Place,
  ends: Ends,
  options: BootstrapOptions = {},
): Result[] {
  const techniques = (benches[0] as Bench).techniques;
  const scoresOf = ({ technique }: Judged) =>
    benches.map(({ real, techniques: of }) => ({
      positives: real,
      scores: (of.find((judged) => judged.technique === technique) as Judged).scores,
    }));
  const rows = techniques.flatMap((judged) => {
    const scores = scoresOf(judged);
    const estimates: [MetricId, Estimate][] = [
      ['real-vs-fake-auroc', pooledAuroc(scores, options)],
      ['average-precision', pooledAveragePrecision(scores, options)],
      ['tpr-at-fpr-0.01', pooledTprAtFpr(scores, 0.01, options)],
      ['tpr-at-fpr-0.05', pooledTprAtFpr(scores, 0.05, options)],
      ['accuracy', ifCalibrated(judged, () => pooledAccuracy(scores, options))],
      ['brier', ifCalibrated(judged, () => pooledBrier(scores, options))],
    ];
    return estimates.map(([metric, estimate]) => resultOf(judged, place, 'all', metric, estimate));
  });
  const compare = (a: Judged, b: Judged) => {
    const floors = scoresOf(b);
    return pooledAurocDifference(
      scoresOf(a).map(({ scores, positives }, i) => ({
        a: scores,
        b: (floors[i] as (typeof floors)[number]).scores,
        positives,
      })),
      options,
    );
  };
  const recovered = (student: Judged, floor: Judged, ceiling: Judged) => {
    const [floors, ceilings] = [scoresOf(floor), scoresOf(ceiling)];
    return pooledPerformanceGapRecovered(
      scoresOf(student).map(({ scores, positives }, i) => ({
        student: scores,
        floor: (floors[i] as (typeof floors)[number]).scores,
        ceiling: (ceilings[i] as (typeof ceilings)[number]).scores,
        positives,
      })),
      options,
    );
  };
  return [
    ...rows,
    ...allDifferences(techniques, place, 'all', ends, compare),
    ...gaps(techniques, place, 'all', ends, recovered),
  ];
}

type Compare = (a: Judged, b: Judged) => Comparison;

function allDifferences(
  techniques: readonly Judged[],
  place: Place,
  seed: Result['seed'],
  ends: Ends,
  compare: Compare,
): Result[] {
  const find = (id: string) => techniques.find(({ technique }) => technique === id);
  const [floor, surface] = [find(ends.floor), find(ends.surface)];
  const compared = techniques.filter(({ control }) => !control);
  const toFloor = compared.filter((judged) => judged !== floor);
  const missing = { undefined: `${ends.floor} was not run` };
  return [
    ...(floor === undefined
      ? toFloor.map((judged) => resultOf(judged, place, seed, 'difference-to-baseline', missing))
      : differences('difference-to-baseline', toFloor, floor, place, seed, compare)),
    ...(surface === undefined ? [] : differences('difference-to-surface', compared, surface, place, seed, compare)),
  ];
}

/** Paired differences to one technique, with Holm's correction over those compared. */
export function differences<Party extends Contender>(
  metric: MetricId,
  compared: readonly Party[],
  floor: Party,
  place: Place,
  seed: Result['seed'],
  compare: (a: Party, b: Party) => Comparison,
): Result[] {
  const comparisons = compared.map((judged) => compare(judged, floor));
  const adjusted = holm(comparisons.map(({ pValue }) => pValue));
  return compared.map((judged, i) => {
    const { estimate, pValue } = comparisons[i] as Comparison;
    const adjustedPValue = adjusted[i];
    return {
      ...resultOf(judged, place, seed, metric, estimate),
      floor: floor.technique,
      ...(pValue !== undefined && { pValue }),
      ...(adjustedPValue !== undefined && { adjustedPValue }),
    };
  });
}

function gaps(
  techniques: readonly Judged[],
  place: Place,
  seed: Result['seed'],
  ends: Ends,
  recovered: (student: Judged, floor: Judged, ceiling: Judged) => Estimate,
): Result[] {
  const find = (id: string) => techniques.find(({ technique }) => technique === id);
  const [floor, ceiling] = [find(ends.floor), find(ends.ceiling)];
  const students = techniques.filter((judged) => judged !== floor && !judged.ceiling && !judged.control);
  return students.map((student) => {
    const missing = floor === undefined ? ends.floor : ends.ceiling;
    const estimate = floor && ceiling ? recovered(student, floor, ceiling) : { undefined: `${missing} was not run` };
    return { ...resultOf(student, place, seed, 'pgr', estimate), floor: ends.floor, top: ends.ceiling };
  });
}

/** Quantiles of the real-vs-fake AUROC over a control's random scorers. */
export function controlBand(
  technique: string,
  bench: Pick<Bench, 'seed' | 'real'>,
  place: Place,
  scorers: readonly Float64Array[],
): ControlBand | undefined {
  const values = scorers.map((scores) => auroc(scores, bench.real)).flatMap((e) => ('undefined' in e ? [] : [e.value]));
  if (values.length === 0) return undefined;
  const [p05, median, p95] = [0.05, 0.5, 0.95].map((p) => quantile(values, p)) as [number, number, number];
  return { ...place, technique, seed: bench.seed, k: values.length, p05, median, p95 };
}

function ifCalibrated({ calibrated }: Judged, estimate: () => Estimate): Estimate {
  return calibrated ? estimate() : { undefined: 'its score is no log-odds of being real' };
}

export function resultOf(
  { technique, ceiling }: Contender,
  place: Place,
  seed: Result['seed'],
  metric: MetricId,
  estimate: Estimate,
): Result {
  return { ...place, technique, ceiling, seed, metric, estimate };
}
