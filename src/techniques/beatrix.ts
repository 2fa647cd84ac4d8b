import { z } from 'zod';
import type { Matrix } from '../core/models.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { fitAnomalyDetector, type LayerData, type LayerDetector } from './shared/anomaly.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { medianInPlace } from './shared/median.ts';
import { sampleMatrix } from './shared/sample-matrix.ts';

/** Hyperparameters of {@link beatrix}. */
export interface BeatrixOptions extends AnomalyOptions {
  /** Highest power p of the Gram matrices. @default 4 */
  readonly powers: number;
  /** Median absolute deviations from the median up to which an entry counts as normal. @default 10 */
  readonly madScale: number;
  /** Most normal examples that medians are taken over, drawn by seed. @default 2000 */
  readonly references: number;
  /** Most entries of the upper triangle that are looked at, drawn by seed; all up to width 199. @default 20000 */
  readonly entries: number;
}

/**
 * Gram matrices of an activation a: G_p = sign · |aᵖ (aᵖ)ᵀ|^(1/p), p = 1 … `powers`, upper triangle with diagonal. With the
 * normal examples' median m and median absolute deviation M of each entry, and bounds lo, hi = m ∓ madScale·M, the anomaly
 * score is the mean over entries and powers of max(0, lo − g)/(|lo| + ε) + max(0, g − hi)/(|hi| + ε), ε = 1e-6. Score: minus
 * the mean over layers.
 *
 * At a single token the p-th root undoes the power: G_p is aᵢaⱼ for odd p and |aᵢaⱼ| for even p, so two statistics per
 * entry, weighted by how many powers are odd and even, are exactly the published score. Medians are exact, not running.
 *
 * Defaults: powers 4, madScale 10, medians over at most 2,000 normal examples, at most 20,000 entries. Source: methods.md
 * 10.4; Ma et al. 2022, arXiv 2209.11715.
 */
export const beatrix: Technique<BeatrixOptions> = {
  id: 'beatrix',
  title: 'Beatrix',
  source: 'methods.md 10.4; arXiv 2209.11715',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions.extend({
    powers: z.int().min(1).default(4).describe('Highest power of the Gram matrices'),
    madScale: z
      .number()
      .min(0)
      .default(10)
      .describe('Median absolute deviations from the median up to which an entry counts as normal'),
    references: z.int().min(2).default(2000).describe('Most normal examples that medians are taken over'),
    entries: z.int().min(1).default(20_000).describe('Most entries of the upper triangle that are looked at'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(beatrix, view);
    const detector = { technique: 'beatrix', fitLayer: (data: LayerData) => fitLayer(data, options) };
    return fitAnomalyDetector(detector, view, options, context);
  },
};

const epsilon = 1e-6;

/** Entries of the upper triangle, and the normal range of aᵢaⱼ and of |aᵢaⱼ| in each. */
interface NormalRanges {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly product: Range;
  readonly size: Range;
}

interface Range {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function fitLayer({ normal, rng, signal }: LayerData, options: BeatrixOptions): LayerDetector {
  const references = sampleMatrix(normal, options.references, rng);
  const triangle = upperTriangle(normal.columns);
  const chosen = triangle.length > options.entries ? rng.sample(triangle, options.entries) : triangle;
  const left = Int32Array.from(chosen, ([i]) => i);
  const right = Int32Array.from(chosen, ([, j]) => j);
  const ranges = { left, right, ...rangesOf(references, left, right, options.madScale, signal) };
  // Of p = 1 … powers, the odd ones are one more than the even ones or as many.
  const oddShare = Math.ceil(options.powers / 2) / options.powers;
  return { score: (rows) => deviations(rows, ranges, oddShare, signal), details: { references: references.rows } };
}

function upperTriangle(width: number): (readonly [number, number])[] {
  return Array.from({ length: width }, (_, i) => i).flatMap((i) =>
    Array.from({ length: width - i }, (_, k) => [i, i + k] as const),
  );
}

function rangesOf(references: Matrix, left: Int32Array, right: Int32Array, madScale: number, signal: AbortSignal) {
  const columns = transposed(references);
  const n = references.rows;
  const [values, scratch] = [new Float64Array(n), new Float64Array(n)];
  const [product, size] = [emptyRange(left.length), emptyRange(left.length)];
  for (let entry = 0; entry < left.length; entry++) {
    if (entry % 1024 === 0) signal.throwIfAborted();
    const a = (left[entry] as number) * n;
    const b = (right[entry] as number) * n;
    for (let k = 0; k < n; k++) values[k] = (columns[a + k] as number) * (columns[b + k] as number);
    setRange(product, entry, values, scratch, madScale);
    for (let k = 0; k < n; k++) values[k] = Math.abs(values[k] as number);
    setRange(size, entry, values, scratch, madScale);
  }
  return { product, size };
}

function setRange(range: Range, entry: number, values: Float64Array, scratch: Float64Array, madScale: number): void {
  scratch.set(values);
  const median = medianInPlace(scratch);
  for (let k = 0; k < values.length; k++) scratch[k] = Math.abs((values[k] as number) - median);
  const deviation = medianInPlace(scratch);
  range.low[entry] = median - madScale * deviation;
  range.high[entry] = median + madScale * deviation;
}

function emptyRange(entries: number): Range {
  return { low: new Float64Array(entries), high: new Float64Array(entries) };
}

function transposed({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j] as number;
  return result;
}

function deviations(rows: Matrix, ranges: NormalRanges, oddShare: number, signal: AbortSignal): Float64Array {
  const { left, right, product, size } = ranges;
  const scores = new Float64Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    if (row % 256 === 0) signal.throwIfAborted();
    const a = Float64Array.from(rows.data.subarray(row * rows.columns, (row + 1) * rows.columns));
    let [odd, even] = [0, 0];
    for (let entry = 0; entry < left.length; entry++) {
      const g = (a[left[entry] as number] as number) * (a[right[entry] as number] as number);
      odd += beyond(g, product.low[entry] as number, product.high[entry] as number);
      even += beyond(Math.abs(g), size.low[entry] as number, size.high[entry] as number);
    }
    scores[row] = (oddShare * odd + (1 - oddShare) * even) / left.length;
  }
  return scores;
}

function beyond(g: number, low: number, high: number): number {
  if (g < low) return (low - g) / (Math.abs(low) + epsilon);
  return g > high ? (g - high) / (Math.abs(high) + epsilon) : 0;
}
