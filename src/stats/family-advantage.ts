import type { Estimate } from '../core/estimates.ts';
import { createRng, type Rng } from '../core/random.ts';
import type { Comparison } from './auroc.ts';
import { type BootstrapOptions, bootstrapP, percentileInterval } from './bootstrap.ts';
import { allEqualInterval, resolveLevel } from './level.ts';
import { aurocOfCounts, rankScores } from './ranking.ts';
import { checkScored, type Positives, type ScoredExamples, type Scores } from './scored-examples.ts';

/** One seed's scores of two families of techniques, each in the same order for every seed, on the same examples. */
export interface SeedFamilies {
  readonly positives: Positives;
  /** (n) The half, 0 or 1, that each example belongs to. */
  readonly halves: Uint8Array;
  readonly first: readonly Scores[];
  readonly second: readonly Scores[];
}

/** Members of the first and the second family, by index, that one half chose. */
export type Choice = readonly [first: number, second: number];

export interface FamilyAdvantage extends Comparison {
  /** What half 0 and half 1 chose; none where the estimate is undefined. */
  readonly choices: readonly Choice[];
}

/**
 * AUROC of the best technique of the first family minus that of the best of the second, cross-fitted: each half of the
 * examples chooses both by the mean AUROC over seeds, the other half compares what was chosen, and the two differences
 * are averaged. So a family is not rewarded for having many members, of which one is lucky. The interval is a basic
 * bootstrap (Davison and Hinkley 1997, 5.2) over seeds, then examples, of the whole procedure: in each resample two halves are drawn from all
 * examples, choose anew, and their estimate's error is its distance to the difference, on all examples, of what they chose.
 * Simulated with equally good techniques (1 to 10 in a family, 200 examples), a 95 % interval covers 0 in 93 to 98 %.
 * Where no resample errs (perfect separation), the interval is the rule of three's and there is no p-value. Undefined when a
 * half of a seed has one class only.
 * @throws UserError when lengths differ or a score is not finite.
 */
export function familyAdvantage(perSeed: readonly SeedFamilies[], options: BootstrapOptions = {}): FamilyAdvantage {
  const { seed = 0, resamples = 1000 } = options;
  const level = resolveLevel(options);
  const size = (perSeed[0] as SeedFamilies).first.length;
  const columns = perSeed.map(columnsOf);
  const onHalves = (half: number) => meanOf(columns.map((own, i) => own.map(onHalf(perSeed[i] as SeedFamilies, half))));
  const observed = crossFitted([onHalves(0), onHalves(1)], size);
  if (Number.isNaN(observed.value)) return unknown('a half of the judged examples has one class only');
  const errors = errorsOf(perSeed, columns, size, { seed, resamples });
  const kept = errors.filter((error) => !Number.isNaN(error));
  if (kept.length < 0.9 * errors.length) return unknown('too few examples: half of a resample often lacks a class');
  const { value, choices } = observed;
  const n = perSeed.reduce((sum, { positives }) => sum + positives.length, 0);
  const differences = kept.map((error) => value - error);
  const [lower, upper] = percentileInterval(differences, level);
  if (lower === upper) return { ...separated(value, columns, level, n), choices };
  const method = perSeed.length > 1 ? 'cross-fitted-bootstrap-seeds-examples' : 'cross-fitted-bootstrap-examples';
  const estimate = { value, lower: Math.max(-1, lower), upper: Math.min(1, upper), level, n, method };
  return { estimate, pValue: bootstrapP(differences), choices };
}

function unknown(reason: string): FamilyAdvantage {
  return { estimate: { undefined: reason }, pValue: undefined, choices: [] };
}

/** AUROCs of all members, the first family's before the second's; NaN where a class is absent. */
type Aurocs = readonly number[];
type Halves = readonly [Aurocs, Aurocs];

/** One technique on one seed: its AUROC on a resample. */
interface ScoreColumn {
  readonly sample: ScoredExamples;
  auroc(counts: Uint32Array): number;
}

function columnsOf({ first, second, positives }: SeedFamilies): ScoreColumn[] {
  return [...first, ...second].map((scores) => {
    const sample = checkScored(scores, positives);
    const ranking = rankScores(sample.scores);
    return { sample, auroc: (counts) => aurocOfCounts(ranking, sample.positive, counts) ?? Number.NaN };
  });
}

function onHalf({ halves }: SeedFamilies, half: number): (column: ScoreColumn) => number {
  const counts = Uint32Array.from(halves, (own) => Number(own === half));
  return ({ auroc }) => auroc(counts);
}

/** What each half chooses, compared on the other. */
function crossFitted([zero, one]: Halves, size: number) {
  const choices = [choose(zero, size), choose(one, size)] as const;
  return { choices, value: (differenceOf(one, choices[0], size) + differenceOf(zero, choices[1], size)) / 2 };
}

function choose(aurocs: Aurocs, size: number): Choice {
  return [bestFrom(aurocs, 0, size), bestFrom(aurocs, size, aurocs.length) - size];
}

function bestFrom(aurocs: Aurocs, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) if ((aurocs[i] as number) > (aurocs[best] as number)) best = i;
  return best;
}

function differenceOf(aurocs: Aurocs, [first, second]: Choice, size: number): number {
  return (aurocs[first] as number) - (aurocs[size + second] as number);
}

/** How often the resamples of several seeds are dealt out anew, as in `bootstrapOverSeeds`. */
const rounds = 20;

/** Errors of the cross-fitted difference in a world whose truth is all examples; NaN where a resample lacks a class. */
function errorsOf(
  perSeed: readonly SeedFamilies[],
  columns: readonly (readonly ScoreColumn[])[],
  size: number,
  { seed, resamples }: { readonly seed: number; readonly resamples: number },
): number[] {
  const whole = perSeed.map(({ positives }) => new Uint32Array(positives.length).fill(1));
  const onAll = meanOf(columns.map((own, i) => own.map(({ auroc }) => auroc(whole[i] as Uint32Array))));
  const rng = createRng(seed, 'family-advantage');
  const banks = columns.map((own, i) => bankOf(own, perSeed[i] as SeedFamilies, resamples, rng));
  const truth = withTies(onAll, banks, size);
  const shifted = (half: Aurocs) => half.map((auroc, i) => auroc + (truth[i] as number) - (onAll[i] as number));
  const each = Array.from({ length: resamples }, (_, i) => i);
  return Array.from({ length: banks.length === 1 ? 1 : rounds }, () => {
    const places = banks.map(() => (banks.length === 1 ? each : rng.shuffle(each)));
    return each.map((i) => {
      const drawn = places.map((place) => (rng.choice(banks) as readonly Halves[])[place[i] as number] as Halves);
      const [zero, one] = [meanOf(drawn.map(([half]) => half)), meanOf(drawn.map(([, half]) => half))];
      const { value, choices } = crossFitted([shifted(zero), shifted(one)], size);
      return value - (differenceOf(truth, choices[0], size) + differenceOf(truth, choices[1], size)) / 2;
    });
  }).flat();
}

/**
 * The AUROCs on all examples, but as good as the best of its family what is less than two standard deviations of a half
 * below it: among equals the observed order is chance, and taken for the truth it would make choices look too stable.
 */
function withTies(onAll: Aurocs, banks: readonly (readonly Halves[])[], size: number): Aurocs {
  const halves = (banks[0] as readonly Halves[]).map((_, i) => meanOf(banks.map((bank) => (bank[i] as Halves)[0])));
  const [first, second] = choose(onAll, size);
  return onAll.map((auroc, i) => {
    const best = i < size ? first : size + second;
    const gaps = halves.map((half) => (half[best] as number) - (half[i] as number)).filter((gap) => !Number.isNaN(gap));
    const gap = (onAll[best] as number) - auroc;
    const mean = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
    const variance = gaps.reduce((sum, one) => sum + (one - mean) ** 2, 0) / gaps.length;
    return gap < 2 * Math.sqrt(variance) ? (onAll[best] as number) : auroc;
  });
}

/** One seed's pairs of halves, each half as large as it is but drawn from all examples. */
function bankOf(columns: readonly ScoreColumn[], { halves }: SeedFamilies, resamples: number, rng: Rng): Halves[] {
  const n = halves.length;
  const ones = halves.reduce((sum, half) => sum + half, 0);
  const drawn = (size: number): Aurocs => {
    const counts = new Uint32Array(n);
    for (let i = 0; i < size; i++) (counts[rng.integer(0, n - 1)] as number)++;
    return columns.map(({ auroc }) => auroc(counts));
  };
  return Array.from({ length: resamples }, () => [drawn(n - ones), drawn(ones)] as const);
}

function meanOf(vectors: readonly Aurocs[]): Aurocs {
  const [first] = vectors as [Aurocs];
  return first.map((_, k) => vectors.reduce((sum, vector) => sum + (vector[k] as number), 0) / vectors.length);
}

function separated(
  value: number,
  columns: readonly (readonly ScoreColumn[])[],
  level: number,
  n: number,
): { readonly estimate: Estimate; readonly pValue: undefined } {
  const perSeed = columns.map(([column]) => (column as ScoreColumn).sample);
  const pairs = perSeed.length * Math.min(...perSeed.map(({ positives, negatives }) => Math.min(positives, negatives)));
  const [, reach] = allEqualInterval(0, pairs, (1 + level) / 2);
  const bounds = { lower: Math.max(-1, value - reach), upper: Math.min(1, value + reach) };
  return { estimate: { value, ...bounds, level, n, method: 'rule-of-three' }, pValue: undefined };
}
