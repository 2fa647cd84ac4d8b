import type { LossBatch } from './loss-batch.ts';
import { sigmoid } from './sigmoid.ts';

/** Targets t = (1 − c)·p + c·σ(z), with c the self-supervision's weight in [0, 1] (methods.md 4.3). */
export function entropyTargets({ labels, logits }: LossBatch, weight: number): Float64Array {
  return Float64Array.from(labels, (p, i) => (1 - weight) * p + weight * sigmoid(logits[i] as number));
}
