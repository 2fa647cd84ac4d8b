import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Answer } from '../../core/inspection.ts';
import { auroc } from '../../stats/auroc.ts';
import { type CrossFitted, crossFit, isUnasked, type TrainClassifier, type Unasked } from './cross-fit.ts';
import type { InspectView } from './inspect-view.ts';

/** AUROC of cross-fitted scores that tell `yes` from `no`; with the classes even it is a classifier two-sample test. */
export async function toldApart(
  view: InspectView,
  yes: readonly number[],
  no: readonly number[],
  classifier?: TrainClassifier,
): Promise<Estimate> {
  return aurocBetween(await crossFit(view, { yes, no: [no] }, classifier), yes, no);
}

/** AUROC of given cross-fitted scores between two kinds of examples; above 0.5 where `yes` scores higher. */
export function aurocBetween(fitted: CrossFitted | Unasked, yes: readonly number[], no: readonly number[]): Estimate {
  if (isUnasked(fitted)) return fitted;
  const scores = Float64Array.from([...fitted.of(yes), ...fitted.of(no)]);
  return auroc(
    scores,
    [...yes, ...no].map((_, i) => i < yes.length),
  );
}

/** An AUROC that may be larger leaves open whether there is something to tell apart by. */
const littleAtMost = 0.65;

/** `no` only where the interval is narrow enough to say so: that nothing is found in few examples says nothing. */
export function whetherToldApart(auroc: Estimate): Answer {
  if (!isDefined(auroc)) return 'cannot-tell';
  if (auroc.lower > 0.5) return 'yes';
  return auroc.upper < littleAtMost ? 'no' : 'cannot-tell';
}
