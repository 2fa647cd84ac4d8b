import type { Estimate } from '../core/estimates.ts';
import { createRng } from '../core/random.ts';
import { type BootstrapOptions, percentileInterval, resample, type SeedGroup, type Statistic } from './bootstrap.ts';
import type { SeedScores } from './pooled-mean.ts';
import { checkScored, type ScoredExamples } from './scored-examples.ts';

/** Of equal width, on [0, 1]. */
const bins = 5;
const leastInBin = 20;

/**
 * RMS calibration error: √ of the mean over bins of (share of positives in the bin − mean probability in the bin)², with
 * five equal bins of p = 1/(1 + e^{−log-odds}), those with fewer than 20 examples left out (methods.md 9.2, corrected);
 * mean over seeds. Basic bootstrap of its square over seeds, then examples, kept in [0, 1]: resampling adds to an error
 * that cannot be below 0, and this interval takes that off again: simulated, at 95 % it covers 92 to
 * 94 % of errors of 0.1 and always 0 where scores are calibrated. Undefined when a seed has no bin of 20.
 * @throws UserError when lengths differ or a log-odds is not finite.
 */
export function rmsCalibrationError(perSeed: readonly SeedScores[], options: BootstrapOptions = {}): Estimate {
  const groups = perSeed.map(({ scores, positives }) => {
    const sample = checkScored(scores, positives, 'logOdds');
    const p = probabilities(sample);
    // p = 1 belongs to the last bin.
    const bin = Uint8Array.from(p, (value) => Math.min(bins - 1, binOf(value)));
    const prepare = () => errorOf({ p, bin, label: sample.positive, global: false });
    return { n: sample.n, examples: sample.classes, columns: [{ name: 'rms-calibration', scores, prepare }] };
  });
  return withBasicInterval(groups, options);
}

/** One seed's scores, with the label that each example's probability is turned to. */
export interface SeedTurnedScores extends SeedScores {
  /** (n), 0 or 1. @default drawn, the same for every technique on n examples */
  readonly labels?: ArrayLike<number>;
}

/**
 * The same as GENIES computes it (methods.md 9.2, 18): each example's probability of the right answer is turned to a
 * random label, p for 1 and 1 − p for 0, every bin is held against the mean of *all* labels, and p = 1 is in no bin. Kept to
 * compare with published values; it rewards probabilities near one half, not calibration.
 * @throws UserError when lengths differ or a log-odds is not finite.
 */
export function publishedRmsCalibrationError(
  perSeed: readonly SeedTurnedScores[],
  options: BootstrapOptions = {},
): Estimate {
  const groups = perSeed.map(({ scores, positives, labels }) => {
    const sample = checkScored(scores, positives, 'logOdds');
    const label = Uint8Array.from(labels ?? drawLabels(sample.n));
    const right = probabilities(sample).map((p, i) => (sample.positive[i] === 1 ? p : 1 - p));
    const p = right.map((value, i) => (label[i] === 1 ? value : 1 - value));
    const prepare = () => errorOf({ p, bin: Uint8Array.from(p, binOf), label, global: true });
    return { n: sample.n, examples: sample.classes, columns: [{ prepare }] };
  });
  return withBasicInterval(groups, options);
}

function withBasicInterval(groups: readonly SeedGroup[], options: BootstrapOptions): Estimate {
  const resampled = resample(groups, options);
  if ('undefined' in resampled) {
    return { undefined: `no bin of probability has ${leastInBin} examples on every seed and most resamples` };
  }
  const [value] = resampled.observed as [number];
  const squares = resampled.replicates.map(([error]) => (error as number) ** 2);
  const [low, high] = percentileInterval(squares, resampled.level);
  const end = (square: number) => Math.min(1, Math.sqrt(Math.max(0, 2 * value ** 2 - square)));
  const [lower, upper] = [end(high), Math.max(value, end(low))];
  const { level, n, method } = resampled;
  return { value, lower, upper, level, n, method: `basic-${method}` };
}

interface Binned {
  /** (n) */
  readonly p: Float64Array;
  /** (n) Its bin; `bins` when it is in none. */
  readonly bin: Uint8Array;
  /** (n) */
  readonly label: Uint8Array;
  /** Whether bins are held against the mean of all labels. */
  readonly global: boolean;
}

function errorOf({ p, bin, label, global }: Binned): Statistic {
  return (counts) => {
    const size = new Float64Array(bins + 1);
    const probability = new Float64Array(bins + 1);
    const labels = new Float64Array(bins + 1);
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] as number;
      const at = bin[i] as number;
      (size[at] as number) += count;
      (probability[at] as number) += count * (p[i] as number);
      (labels[at] as number) += count * (label[i] as number);
    }
    const allLabels = labels.reduce((sum, value) => sum + value, 0) / counts.length;
    const squares = Array.from({ length: bins }, (_, at) => {
      const n = size[at] as number;
      if (n < leastInBin) return [];
      const wanted = global ? allLabels : (labels[at] as number) / n;
      return [(wanted - (probability[at] as number) / n) ** 2];
    }).flat();
    return squares.length === 0 ? undefined : Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
  };
}

/** Bin of a probability, its lower edge included; the edges are numpy's `linspace(0, 1, 6)`. */
function binOf(p: number): number {
  return edges.findLastIndex((edge) => p >= edge);
}

const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? 1 : i * (1 / bins)));

function probabilities({ scores }: ScoredExamples): Float64Array {
  return Float64Array.from(scores, (logOdds) => 1 / (1 + Math.exp(-logOdds)));
}

function drawLabels(n: number): Uint8Array {
  const rng = createRng(0, 'rms-calibration-labels');
  return Uint8Array.from({ length: n }, () => Number(rng.chance(0.5)));
}
