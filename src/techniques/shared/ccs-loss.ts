import { sigmoid } from './sigmoid.ts';

/** How the logits of contrast pairs lie one after another: wording by wording, the negative sides before the positive. */
export interface PairLayout {
  readonly examples: number;
  readonly wordings: number;
  /** Weight of the variance of a side's probability over its wordings. */
  readonly promptVariance: number;
}

/**
 * The loss of contrast-consistent search (methods.md 5.1 and 5.2) on logits z with p = σ(z), i over the n pairs and w over
 * the v wordings of each, p⁺ and p⁻ of the positive and negative side:
 *
 *   L = 1/(n·v) Σᵢw [(p⁺ + p⁻ − 1)² + min(p⁺, p⁻)²] + λ/n Σᵢ [var_w p⁺ + var_w p⁻]   (var over v, λ = promptVariance)
 *
 * `slopes` becomes dL/dz. With g = 2(p⁺ + p⁻ − 1) and m the smaller of the two, dL/dp = (g + 2m·[p is the smaller]) / (n·v)
 * + 2λ(p − mean_w p)/(n·v), and dp/dz = p(1 − p). Between equal sides the slope of the minimum is shared.
 *
 * @param logits (2·n·v) as in {@link PairLayout} @param slopes As long, overwritten.
 */
export function ccsLoss(logits: Float64Array, slopes: Float64Array, layout: PairLayout): number {
  const { examples: n, wordings, promptVariance } = layout;
  const p = new Float64Array(logits.length);
  for (let k = 0; k < p.length; k++) p[k] = sigmoid(logits[k] as number);
  let sum = 0;
  for (let start = 0; start < p.length; start += 2 * n) {
    for (let i = start; i < start + n; i++) {
      const negative = p[i] as number;
      const positive = p[i + n] as number;
      const gap = negative + positive - 1;
      const least = Math.min(negative, positive);
      sum += gap * gap + least * least;
      const share = negative === positive ? 0.5 : Number(negative < positive);
      slopes[i] = 2 * gap + 2 * least * share;
      slopes[i + n] = 2 * gap + 2 * least * (1 - share);
    }
  }
  if (promptVariance > 0) sum += promptVariance * addSpread(p, slopes, layout);
  const pairs = n * wordings;
  for (let k = 0; k < p.length; k++) (slopes[k] as number) *= ((p[k] as number) * (1 - (p[k] as number))) / pairs;
  return sum / pairs;
}

/** Σ (p − mean over wordings)²; adds its derivatives times the weight. The mean's own derivative is 0 in sum. */
function addSpread(p: Float64Array, slopes: Float64Array, { examples, wordings, promptVariance }: PairLayout): number {
  let sum = 0;
  for (let i = 0; i < 2 * examples; i++) {
    let mean = 0;
    for (let k = i; k < p.length; k += 2 * examples) mean += (p[k] as number) / wordings;
    for (let k = i; k < p.length; k += 2 * examples) {
      const off = (p[k] as number) - mean;
      sum += off * off;
      (slopes[k] as number) += 2 * promptVariance * off;
    }
  }
  return sum;
}
