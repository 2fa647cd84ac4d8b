import { expected } from '../core/errors.ts';
import type { Estimate, UndefinedEstimate } from '../core/estimates.ts';
import { createRng, type Rng } from '../core/random.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { sortedQuantile } from './quantile.ts';
import type { ResampleCache } from './resample-cache.ts';

export interface BootstrapOptions extends LevelOptions {
  /** Seeds the resampling: the same seed gives the same interval. @default 0 */
  readonly seed?: number;
  /** Number of resamples, at least 1. @default 1000 */
  readonly resamples?: number;
  /** Shares resamples, and what was computed on them, with other calls about the same arrays. @default nothing is shared */
  readonly cache?: ResampleCache;
}

/** A statistic of a resample that holds example i `counts[i]` times; undefined when it cannot be computed. */
export type Statistic = (counts: Uint32Array) => number | undefined;

/** A statistic of one seed's examples. */
export interface Column {
  /** Prepares the statistic, e.g. by ranking scores. */
  readonly prepare: () => Statistic;
  /** What it is a statistic of, and its name, by which a cache knows it again. */
  readonly scores?: object;
  readonly name?: string;
}

/** What one seed of an experiment brings to a bootstrap over seeds. */
export interface SeedGroup {
  /** How many examples it has. */
  readonly n: number;
  /** Stands for these examples in a cache. */
  readonly examples?: object;
  readonly columns: readonly Column[];
}

/** The statistics, averaged over seeds, of the examples as they are and of each resample where they exist. */
export interface Resampled {
  readonly observed: readonly number[];
  readonly replicates: readonly (readonly number[])[];
  readonly level: number;
  readonly n: number;
  readonly method: string;
}

/** An interval needs the statistics on at least this share of the resamples (two examples of a class give 87 %). */
const leastDefined = 0.9;

/**
 * Percentile bootstrap over n examples (methods.md 13). `statistic` is given how often each example is in the
 * resample. Undefined when the statistic is undefined on the examples themselves or on more than 10 % of the
 * resamples; fewer such resamples are left out.
 */
export function bootstrap(n: number, statistic: Statistic, options: BootstrapOptions = {}): Estimate {
  return bootstrapOverSeeds([{ n, columns: [{ prepare: () => statistic }] }], ([value]) => value as number, options);
}

/**
 * Percentile bootstrap over seeds, then over the examples of each drawn seed (hierarchical). Each seed's statistics are
 * averaged over the drawn seeds and `combine` turns the averages into the reported number. With one seed it is the
 * bootstrap over examples, which is silent about the spread between seeds. Each seed's examples are resampled once and
 * a drawn seed takes any of its resamples, another one for each place among the drawn seeds. Of k seeds it shows only (k − 1)/k of the
 * variance between them but counts that between examples twice: simulated with 3 seeds of 200 examples, a 95 % interval
 * of the mean AUROC covers 98 % when seeds are alike, 95 % when their AUROCs spread by 0.02 and 77 % when by 0.11.
 */
export function bootstrapOverSeeds(
  groups: readonly SeedGroup[],
  combine: (means: readonly number[]) => number,
  options: BootstrapOptions = {},
): Estimate {
  const resampled = resample(groups, options);
  if ('undefined' in resampled) return resampled;
  const { level, n, method } = resampled;
  const [lower, upper] = percentileInterval(resampled.replicates.map(combine), level);
  return { value: combine(resampled.observed), lower, upper, level, n, method };
}

/** The resamples behind {@link bootstrapOverSeeds}, for statistics that need more than one percentile interval. */
export function resample(groups: readonly SeedGroup[], options: BootstrapOptions = {}): Resampled | UndefinedEstimate {
  const { seed = 0, resamples = 1000 } = options;
  const level = resolveLevel(options);
  checkResamples(resamples);
  const drawing = { seed, resamples, cache: options.cache };
  const banks = groups.map((group) => bankOf(group, drawing));
  const observed = meanOf(banks.map((bank) => bank.map((column) => column[resamples] as number)));
  if (observed === undefined) return { undefined: 'it cannot be computed on these examples' };
  const drawn = drawnFrom(banks, drawing);
  const replicates = drawn.filter((replicate) => replicate !== undefined);
  if (replicates.length < leastDefined * drawn.length) {
    const missing = drawn.length - replicates.length;
    return { undefined: `too few examples: ${missing} of ${drawn.length} bootstrap resamples lack a class` };
  }
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const method = groups.length > 1 ? 'bootstrap-seeds-examples' : 'bootstrap-examples';
  return { observed, replicates, level, n, method };
}

/** The central `level` of bootstrap values, by linear interpolation. */
export function percentileInterval(values: readonly number[], level: number): readonly [lower: number, upper: number] {
  const sorted = Float64Array.from(values).sort();
  return [sortedQuantile(sorted, (1 - level) / 2), sortedQuantile(sorted, (1 + level) / 2)];
}

/** A paired difference out of the means of two columns. */
export function firstMinusSecond([a, b]: readonly number[]): number {
  return (a as number) - (b as number);
}

/** Twice the smaller share of bootstrapped differences on one side of zero, each (1 + count)/(1 + resamples). */
export function bootstrapP(differences: readonly number[]): number {
  const atMost = differences.filter((value) => value <= 0).length;
  const atLeast = differences.filter((value) => value >= 0).length;
  return Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (1 + differences.length));
}

function checkResamples(resamples: number): void {
  if (Number.isInteger(resamples) && resamples >= 1) return;
  throw expected('resamples', 'resamples', 'a whole number from 1', resamples, 'Use 1000 for a 95 % interval');
}

type Drawing = { readonly seed: number; readonly resamples: number; readonly cache: ResampleCache | undefined };

/** One seed's statistics: for each column its values on every resample, then that on the examples as they are; NaN where undefined. */
type Bank = readonly Float64Array[];

function bankOf({ n, examples, columns }: SeedGroup, { seed, resamples, cache }: Drawing): Bank {
  const name = `${seed} ${resamples} ${n}`;
  const draw = () => drawAll(n, createRng(seed, 'bootstrap'), resamples);
  let drawn: readonly Uint32Array[] | undefined;
  const counts = () => {
    drawn ??= cache === undefined || examples === undefined ? draw() : cache.resamples(examples, name, draw);
    return drawn;
  };
  return columns.map(({ prepare, scores, name: statistic }) => {
    const compute = () => valuesOf(prepare(), counts());
    if (cache === undefined || scores === undefined || examples === undefined) return compute();
    return cache.values(scores, examples, `${statistic} ${name}`, compute);
  });
}

function valuesOf(statistic: Statistic, counts: readonly Uint32Array[]): Float64Array {
  return Float64Array.from(counts, (drawn) => statistic(drawn) ?? Number.NaN);
}

/** The resamples and, last, the examples as they are. */
function drawAll(n: number, rng: Rng, resamples: number): Uint32Array[] {
  const drawn = Array.from({ length: resamples }, () => drawCounts(n, rng));
  return [...drawn, new Uint32Array(n).fill(1)];
}

/** How often each seed's resamples are dealt out anew: a p-value from too few draws cannot survive a correction. */
const pooledRounds = 20;

/** Mean statistics of as many drawn seeds as there are, each on a resample of its own. */
function drawnFrom(banks: readonly Bank[], { seed, resamples, cache }: Drawing): (readonly number[] | undefined)[] {
  const each = Array.from({ length: resamples }, (_, i) => i);
  const at = (bank: Bank, i: number) => bank.map((column) => column[i] as number);
  if (banks.length === 1) return each.map((i) => meanOf([at(banks[0] as Bank, i)]));
  const draw = () => [dealsOf(banks.length, resamples, seed)];
  const name = `deals ${banks.length} ${resamples} ${seed}`;
  // Deals are of no examples in particular, so they are remembered by the cache itself.
  const [deals] = (cache === undefined ? draw() : cache.resamples(cache, name, draw)) as [Uint32Array];
  const columns = (banks[0] as Bank).map((_, k) => banks.map((bank) => bank[k] as Float64Array));
  return Array.from({ length: deals.length / banks.length }, (_, replicate) => {
    const means = columns.map((perSeed) => {
      let sum = 0;
      for (let place = replicate * banks.length; place < (replicate + 1) * banks.length; place++) {
        const deal = deals[place] as number;
        sum += (perSeed[Math.floor(deal / resamples)] as Float64Array)[deal % resamples] as number;
      }
      return sum / banks.length;
    });
    return means.some(Number.isNaN) ? undefined : means;
  });
}

/** For each replicate as many draws as there are seeds, (replicates × seeds): seed · resamples + which of its resamples. */
function dealsOf(seeds: number, resamples: number, seed: number): Uint32Array {
  const each = Array.from({ length: resamples }, (_, i) => i);
  const indices = Array.from({ length: seeds }, (_, i) => i);
  const rng = createRng(seed, 'bootstrap-seeds');
  const rounds = Array.from({ length: pooledRounds }, () => {
    const places = indices.map(() => rng.shuffle(each));
    return each.flatMap((i) => places.map((place) => rng.choice(indices) * resamples + (place[i] as number)));
  });
  return Uint32Array.from(rounds.flat());
}

function drawCounts(n: number, rng: Rng): Uint32Array {
  const counts = new Uint32Array(n);
  for (let i = 0; i < n; i++) (counts[rng.integer(0, n - 1)] as number)++;
  return counts;
}

function meanOf(vectors: readonly (readonly number[])[]): readonly number[] | undefined {
  const [first = []] = vectors;
  const means = first.map((_, k) => vectors.reduce((sum, vector) => sum + (vector[k] as number), 0) / vectors.length);
  return vectors.length === 0 || means.some(Number.isNaN) ? undefined : means;
}
