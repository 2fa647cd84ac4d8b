import { quantile } from '../../stats/quantile.ts';
import type { LossBatch } from './loss-batch.ts';

/**
 * The student's own answers, hardened: 0 where its probability of class 0 is at least the `prior`-quantile of the batch,
 * else 1 (methods.md 3.6, steps 2 and 3). So the share of ones is within 1/B of the prior, ties between logits aside,
 * which all become 0. Minus the logits order as the probabilities of class 0 do and do not saturate.
 */
export function hardenedAnswers({ logits, prior }: Pick<LossBatch, 'logits' | 'prior'>): Float64Array {
  const against = Float64Array.from(logits, (z) => -z);
  const threshold = quantile(against, prior);
  return against.map((value) => Number(value < threshold));
}

/** Confidence targets t = (1 − c)·p + c·hardened, with c the self-supervision's weight in [0, 1] (methods.md 3.6, step 4). */
export function confidenceTargets(batch: LossBatch, weight: number): Float64Array {
  return hardenedAnswers(batch).map((own, i) => (1 - weight) * (batch.labels[i] as number) + weight * own);
}
