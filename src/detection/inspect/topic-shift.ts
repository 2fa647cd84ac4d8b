import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer } from '../../core/inspection.ts';
import { meanVariance } from '../../stats/mean-variance.ts';
import { normalQuantile, twoSidedP } from '../../stats/normal.ts';

/** How much of a score's difference between trusted and untrusted examples is topic, by all-negatives. */
export interface TopicShift {
  /** Whether "trusted positives are drawn like real ones" is refuted. */
  readonly refuted: Answer;
  readonly reason: string;
  /** Lower end, value and upper end of what topic adds to an untrusted score; empty when there is no sign of topic. */
  readonly candidates: readonly number[];
  /** Whether it is so large that no correction can be believed. */
  readonly tooLarge: boolean;
}

const least = 10;

/**
 * Compares a score of trusted and untrusted all-negatives. `topic` is the AUROC of a classifier on all features that tells
 * them apart. From p = 0.2 the shift is taken into account, from 0.01 it is held to be found.
 */
export function topicShift(trusted: Float64Array, untrusted: Float64Array, topic: Estimate): TopicShift {
  if (Math.min(trusted.length, untrusted.length) < least) {
    const reason = 'Too few all-negatives, trusted or untrusted, to check that.';
    return { refuted: 'cannot-tell', reason, candidates: [], tooLarge: false };
  }
  const [t, u] = [meanVariance(trusted), meanVariance(untrusted)];
  const shift = u.mean - t.mean;
  const deviation = Math.sqrt(t.variance + u.variance);
  const p = deviation > 0 ? twoSidedP(shift / deviation) : 1;
  const half = normalQuantile(0.9) * deviation;
  const seen = isDefined(topic) && topic.lower > 0.5;
  const tooLarge = isDefined(topic) && topic.lower > 0.75;
  const suspected = p < 0.2 || seen;
  return {
    refuted: p < 0.01 || tooLarge ? 'yes' : suspected ? 'cannot-tell' : 'no',
    reason: 'But trusted and untrusted all-negatives, which no fake can be among, differ too.',
    candidates: suspected ? [shift - half, shift, shift + half] : [],
    tooLarge,
  };
}
