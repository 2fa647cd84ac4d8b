import type { LossBatch } from './loss-batch.ts';
import { sigmoid } from './sigmoid.ts';

/**
 * Targets proportional to q^β · p^α, with q = σ(z), renormalised over the two classes (methods.md 3.6):
 * t = σ(β·z + α·logit p), exactly p where p is 0 or 1 and α > 0.
 */
export function productTargets({ labels, logits }: LossBatch, alpha: number, beta: number): Float64Array {
  return Float64Array.from(labels, (p, i) => {
    const own = beta * (logits[i] as number);
    return sigmoid(alpha === 0 ? own : own + alpha * Math.log(p / (1 - p)));
  });
}
