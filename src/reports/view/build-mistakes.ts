import type { Mistake, MistakesView } from '../report-view.ts';
import { distinct } from './distinct.ts';
import type { JudgedScore } from './judged-scores.ts';

/** How many mistakes of each kind a report shows. */
const shownMistakes = 10;

/** The most confident mistakes, by percentile within their seed since scores of two seeds share no scale. */
export function buildMistakes(technique: string, scores: readonly JudgedScore[]): MistakesView {
  const judged = distinct(scores.map(({ seed }) => seed)).flatMap((seed) =>
    withPercentiles(scores.filter((score) => score.seed === seed)),
  );
  const fakes = judged.filter(({ example }) => !example.groundTruth);
  const reals = judged.filter(({ example }) => example.groundTruth);
  return {
    technique,
    believedFakes: fakes.toSorted((a, b) => b.percentile - a.percentile || byId(a, b)).slice(0, shownMistakes),
    doubtedReals: reals.toSorted((a, b) => a.percentile - b.percentile || byId(a, b)).slice(0, shownMistakes),
  };
}

function withPercentiles(scores: readonly JudgedScore[]): Mistake[] {
  const sorted = Float64Array.from(scores, ({ score }) => score).sort();
  return scores.map(({ example, score }) => {
    const below = firstIndex(sorted, (other) => other >= score);
    const ties = firstIndex(sorted, (other) => other > score) - below;
    return { example, score, percentile: (below + ties / 2) / sorted.length };
  });
}

/** First index of a sorted array for which `holds` is true, by bisection; its length when there is none. */
function firstIndex(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function byId(a: Mistake, b: Mistake): number {
  return a.example.seed - b.example.seed || (a.example.exampleId < b.example.exampleId ? -1 : 1);
}
