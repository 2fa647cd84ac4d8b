import { eachGroupDescending, rankScores } from './ranking.ts';
import { checkScored, oneClassReason, type Positives, type Scores } from './scored-examples.ts';

/** Rates when every example with a score ≥ `threshold` is called positive. */
export interface RocPoint {
  readonly fpr: number;
  readonly tpr: number;
  /** Infinity at the first point, where nothing is called positive. */
  readonly threshold: number;
}

export interface RocCurveOptions {
  /** Thin the curve to about this many points, evenly along its length, ends kept; at least 2. @default all points */
  readonly maxPoints?: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), one point per distinct score (ties merged). Empty with one class or no examples.
 * @throws UserError when lengths differ or a score is not finite.
 */
export function rocCurve(scores: Scores, positives: Positives, options: RocCurveOptions = {}): readonly RocPoint[] {
  const sample = checkScored(scores, positives);
  if (oneClassReason(sample) !== undefined) return [];
  const ranking = rankScores(scores);
  const { order, ends } = ranking;
  const once = new Uint32Array(sample.n).fill(1);
  const points: RocPoint[] = [{ fpr: 0, tpr: 0, threshold: Number.POSITIVE_INFINITY }];
  let truePositives = 0;
  let falsePositives = 0;
  eachGroupDescending(ranking, sample.positive, once, (positivesHere, negativesHere, group) => {
    truePositives += positivesHere;
    falsePositives += negativesHere;
    const threshold = scores[order[(ends[group] as number) - 1] as number] as number;
    points.push({ fpr: falsePositives / sample.negatives, tpr: truePositives / sample.positives, threshold });
  });
  return options.maxPoints === undefined ? points : thin(points, options.maxPoints);
}

/** Keeps a point each time fpr + tpr, which runs from 0 to 2, has moved by 2/(maxPoints − 1), and the last. */
function thin(points: readonly RocPoint[], maxPoints: number): readonly RocPoint[] {
  const step = 2 / (maxPoints - 1);
  let kept = Number.NEGATIVE_INFINITY;
  return points.filter(({ fpr, tpr }, i) => {
    if (fpr + tpr - kept < step - 1e-12 && i < points.length - 1) return false;
    kept = fpr + tpr;
    return true;
  });
}
