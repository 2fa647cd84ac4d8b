import type { DetectionRow } from '../../core/detection.ts';
import type { LabelledEstimate } from '../../core/inspection.ts';
import type { OwnExample } from '../../core/own-data.ts';
import { auroc } from '../../stats/auroc.ts';
import { share } from '../../stats/share.ts';

/**
 * What ground truth says of a detection, where it is known of untrusted positives: the one place that reads it, after
 * every score is made. Undefined where it is known of none.
 */
export function judgeDetection(
  rows: readonly DetectionRow[],
  examples: readonly OwnExample[],
): readonly LabelledEstimate[] | undefined {
  const known = rows.flatMap((row, i) => {
    const truth = examples[i]?.groundTruth;
    return row.category === 'untrusted-positive' && truth !== undefined ? [{ row, truth }] : [];
  });
  if (known.length === 0) return undefined;
  const flagged = (truth: boolean) =>
    Float64Array.from(
      known.filter((one) => one.truth === truth),
      ({ row }) => Number(row.flagged),
    );
  const scores = known.map(({ row }) => row.score);
  const truths = known.map(({ truth }) => truth);
  return [
    { label: 'real-vs-fake AUROC', estimate: auroc(scores, truths) },
    { label: 'share of real positives flagged (false alarms)', estimate: share(flagged(true)) },
    { label: 'share of fake positives flagged (detected)', estimate: share(flagged(false)) },
  ];
}
