import { rankScores } from './ranking.ts';
import type { ScoredExamples } from './scored-examples.ts';

/**
 * DeLong's structural components: for a positive, the share of negatives that it outranks; for a negative, the share
 * of positives that outrank it; ties count one half. O(n log n) from one ranking, which gives the same numbers as the
 * midranks of Sun and Xu (2014).
 */
export interface Placements {
  readonly auroc: number;
  /** (n) */
  readonly values: Float64Array;
}

/** Needs at least one example of each class. */
export function placementsOf({ scores, positive, n, positives, negatives }: ScoredExamples): Placements {
  const { order, ends } = rankScores(scores);
  const values = new Float64Array(n);
  let positivesBelow = 0;
  let negativesBelow = 0;
  let concordant = 0;
  let start = 0;
  for (const end of ends) {
    const group = order.subarray(start, end);
    const positivesHere = group.reduce((sum, i) => sum + (positive[i] as number), 0);
    const negativesHere = group.length - positivesHere;
    const outranked = negativesBelow + negativesHere / 2;
    const outranking = positives - positivesBelow - positivesHere / 2;
    for (const i of group) values[i] = positive[i] ? outranked / negatives : outranking / positives;
    concordant += positivesHere * outranked;
    positivesBelow += positivesHere;
    negativesBelow += negativesHere;
    start = end;
  }
  return { auroc: concordant / (positives * negatives), values };
}

/**
 * Variance of the mean of structural components, or of their differences for a paired comparison (DeLong et al. 1988):
 * s²(positives)/m + s²(negatives)/n. Undefined with fewer than two examples in a class.
 */
export function delongVariance(
  values: Float64Array,
  { positive, positives, negatives }: ScoredExamples,
): number | undefined {
  if (positives < 2 || negatives < 2) return undefined;
  const ofPositives = values.filter((_, i) => positive[i] === 1);
  const ofNegatives = values.filter((_, i) => positive[i] === 0);
  return sampleVariance(ofPositives) / positives + sampleVariance(ofNegatives) / negatives;
}

/** Shifted by the first value, so that equal values give exactly 0 and unequal ones lose nothing to their size. */
function sampleVariance(values: Float64Array): number {
  const shifted = values.map((value) => value - (values[0] as number));
  const mean = shifted.reduce((sum, value) => sum + value, 0) / shifted.length;
  return shifted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (shifted.length - 1);
}
