import type { LossBatch } from './loss-batch.ts';

/** π = softmax(a), (K). */
export function simplexWeights(a: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(a);
  const most = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Σ_k π_k·p_k of one example's labels p, (K). */
export function mixedLabel(labels: readonly number[], weights: ArrayLike<number>): number {
  return labels.reduce((sum, label, k) => sum + (weights[k] as number) * label, 0);
}

/**
 * ∂L/∂a, (K), of the cross-entropy L = −(1/B) Σ_i t_i·z_i + log(1 − σ(z_i)) of logits z to mixtures
 * t_i = Σ_k π_k·p_ik, π = softmax(a): since ∂L/∂t_i = −z_i/B and ∂t_i/∂a_k = π_k·(p_ik − t_i),
 *
 *   ∂L/∂a_k = −(1/B) Σ_i z_i·π_k·(p_ik − t_i).
 */
export function mixtureGradient(
  labels: readonly (readonly number[])[],
  logits: LossBatch['logits'],
  weights: Float64Array,
): Float64Array {
  const gradient = new Float64Array(weights.length);
  labels.forEach((each, i) => {
    const mixed = mixedLabel(each, weights);
    each.forEach((label, k) => {
      (gradient[k] as number) -= ((logits[i] as number) * (weights[k] as number) * (label - mixed)) / labels.length;
    });
  });
  return gradient;
}
