import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Finding, LabelledEstimate } from '../../core/inspection.ts';
import type { InspectView } from './inspect-view.ts';
import { toldApart, whetherToldApart } from './told-apart.ts';
import { hasWords, wordFit } from './word-fit.ts';
import { countOf, numberOf } from './wording.ts';

/** More measurements than this are sampled at even distances, to keep the record readable. */
const most = 20;

/** How well each measurement, and whether all are positive, can be predicted on untrusted examples. */
export async function predictabilityFinding(view: InspectView): Promise<Finding> {
  const untrusted = view.of('untrusted-positive', 'untrusted-inconsistent', 'untrusted-negative');
  const positive = view.of('untrusted-positive');
  const others = view.of('untrusted-inconsistent', 'untrusted-negative');
  const aggregate = await toldApart(view, positive, others);
  const words = hasWords(view) ? await toldApart(view, positive, others, wordFit(view)) : undefined;
  const each: LabelledEstimate[] = [];
  for (const j of chosen(view.measurementNames.length)) {
    const [yes, no] = [true, false].map((value) => {
      return untrusted.filter((i) => view.examples[i]?.measurements[j] === value);
    }) as [number[], number[]];
    each.push({ label: `AUROC of measurement ${view.measurementNames[j]}`, estimate: await toldApart(view, yes, no) });
  }
  return {
    id: 'measurements-predictable',
    question: 'Can the measurements be predicted from the features?',
    answer: whetherToldApart(aggregate),
    text: wordingOf(aggregate, words, untrusted.length),
    estimates: [
      { label: 'AUROC of all measurements together', estimate: aggregate },
      ...(words === undefined ? [] : [{ label: 'the same from bare words', estimate: words }]),
      ...each,
    ],
  };
}

function chosen(measurements: number): readonly number[] {
  if (measurements <= most) return Array.from({ length: measurements }, (_, j) => j);
  return Array.from({ length: most }, (_, k) => Math.floor((k * measurements) / most));
}

function wordingOf(aggregate: Estimate, words: Estimate | undefined, n: number): string {
  if (!isDefined(aggregate)) return `Cannot tell: ${aggregate.undefined}.`;
  const found =
    `A classifier that never saw an example of the fold it judges tells, among ` +
    `${countOf(n)} untrusted examples, the all-positive ones from the others with an AUROC of ${numberOf(aggregate)}; 0.5 is guessing, 1 is perfect.`;
  const surface = words && isDefined(words) ? ` Bare words reach ${numberOf(words)}.` : '';
  if (aggregate.lower > 0.5)
    return `${found}${surface} So the features know something of what the measurements measure.`;
  if (whetherToldApart(aggregate) === 'cannot-tell')
    return `${found}${surface} That might be chance: there are too few examples to tell.`;
  return `${found}${surface} So the features hold little or no sign of what the measurements measure, and techniques that rest on predicted measurements have little to go by.`;
}
