import { expected } from '../core/errors.ts';
import type { Estimate, UndefinedEstimate } from '../core/estimates.ts';
import { createRng, type Rng } from '../core/random.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { sortedQuantile } from './quantile.ts';

export interface BootstrapOptions extends LevelOptions {
  /** Seeds the resampling: the same seed gives the same interval. @default 0 */
  readonly seed?: number;
  /** Number of resamples, at least 1. @default 1000 */
  readonly resamples?: number;
}

/** What one seed of an experiment brings to a bootstrap over seeds. */
export interface SeedGroup {
  /** How many examples it has. */
  readonly n: number;
  /** Its statistics on a resample that holds example i `counts[i]` times; undefined when they cannot be computed. */
  readonly statistics: (counts: Uint32Array) => readonly number[] | undefined;
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
export function bootstrap(
  n: number,
  statistic: (counts: Uint32Array) => number | undefined,
  options: BootstrapOptions = {},
): Estimate {
  const statistics = (counts: Uint32Array) => asList(statistic(counts));
  return bootstrapOverSeeds([{ n, statistics }], ([value]) => value as number, options);
}

/**
 * Percentile bootstrap over seeds, then over the examples of each drawn seed (hierarchical). Each seed's statistics are
 * averaged over the drawn seeds and `combine` turns the averages into the reported number. With one seed it is the
 * bootstrap over examples, which is silent about the spread between seeds. Of k seeds it shows only (k − 1)/k of the
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
  const observed = meanOf(groups.map((group) => group.statistics(new Uint32Array(group.n).fill(1))));
  if (observed === undefined) return { undefined: 'it cannot be computed on these examples' };
  const rng = createRng(seed, 'bootstrap');
  const drawn = Array.from({ length: resamples }, () => drawReplicate(groups, rng));
  const replicates = drawn.filter((replicate) => replicate !== undefined);
  if (replicates.length < leastDefined * resamples) {
    const missing = resamples - replicates.length;
    return { undefined: `too few examples: ${missing} of ${resamples} bootstrap resamples lack a class` };
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

function checkResamples(resamples: number): void {
  if (Number.isInteger(resamples) && resamples >= 1) return;
  throw expected('resamples', 'resamples', 'a whole number from 1', resamples, 'Use 1000 for a 95 % interval');
}

function drawReplicate(groups: readonly SeedGroup[], rng: Rng): readonly number[] | undefined {
  const drawn = groups.map(() => (groups.length === 1 ? (groups[0] as SeedGroup) : rng.choice(groups)));
  return meanOf(drawn.map((group) => group.statistics(drawCounts(group.n, rng))));
}

function drawCounts(n: number, rng: Rng): Uint32Array {
  const counts = new Uint32Array(n);
  for (let i = 0; i < n; i++) (counts[rng.integer(0, n - 1)] as number)++;
  return counts;
}

function meanOf(vectors: readonly (readonly number[] | undefined)[]): readonly number[] | undefined {
  const [first] = vectors;
  if (first === undefined || vectors.includes(undefined)) return undefined;
  return first.map((_, k) => vectors.reduce((sum, vector) => sum + (vector?.[k] as number), 0) / vectors.length);
}

function asList(value: number | undefined): readonly number[] | undefined {
  return value === undefined ? undefined : [value];
}
