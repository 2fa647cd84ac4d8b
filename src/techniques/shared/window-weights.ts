import type { LossBatch } from './loss-batch.ts';
import { sigmoid } from './sigmoid.ts';

/** 1 where the student is unsure, max(q, 1 − q) < 1/2 + radius with q = σ(z), else 0, (B) (methods.md 4.3). */
export function windowWeights({ logits }: Pick<LossBatch, 'logits'>, radius: number): Float64Array {
  return Float64Array.from(logits, (z) => Number(sigmoid(Math.abs(z)) < 0.5 + radius));
}
