/** σ(z) = 1 / (1 + exp(−z)), in [0, 1]. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
