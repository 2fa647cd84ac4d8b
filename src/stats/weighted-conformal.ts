import { expected } from '../core/errors.ts';
import { checkedScores, countAtMost } from './conformal.ts';
import type { Scores } from './scored-examples.ts';

/** Scores with how much likelier each example is in the population that is judged than in the one that calibrates. */
export interface WeightedScores {
  /** (n) */
  readonly scores: Scores;
  /** (n) above 0, up to a common factor. */
  readonly weights: Scores;
}

/**
 * Weighted split-conformal p-values (Tibshirani et al. 2019, arXiv 1904.06019; Jin and Candès 2023, arXiv 2307.09291):
 * p(x) = (w(x) + Σ {wᵢ : sᵢ ≤ s(x)}) / (w(x) + Σ wᵢ). Where the weights are the likelihood ratio of judged to calibration
 * inputs, and scores are distributed alike given the input, P(p ≤ α) ≤ α. Equal weights give the plain p-values.
 * @throws UserError when lengths differ, a score is not finite, or a weight is not above 0.
 */
export function weightedPValues(calibration: WeightedScores, judged: WeightedScores): Float64Array {
  const [scores, weights] = checkedPair(calibration, 'calibration');
  const [judgedScores, judgedWeights] = checkedPair(judged, 'judged');
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const ascending = Float64Array.from(order, (i) => scores[i] as number);
  const sums = runningSums(Float64Array.from(order, (i) => weights[i] as number));
  const total = sums[sums.length - 1] as number;
  return judgedScores.map((score, i) => {
    const own = judgedWeights[i] as number;
    return Math.min(1, (own + (sums[countAtMost(ascending, score)] as number)) / (own + total));
  });
}

/** (Σw)² / Σw²: how many equally weighted examples would say as much (Kish 1965); 0 without any. */
export function effectiveSampleSize(weights: Scores): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] as number;
    squares += (weights[i] as number) ** 2;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function checkedPair({ scores, weights }: WeightedScores, name: string): [Float64Array, Float64Array] {
  const next = 'Give one weight above 0 per score';
  if (scores.length !== weights.length) {
    throw expected('weights-length', `the number of weights of ${name}`, `${scores.length}`, weights.length, next);
  }
  const checked = checkedScores(weights, `weights of ${name}`);
  const wrong = checked.findIndex((weight) => weight <= 0);
  if (wrong >= 0) throw expected('weight', `weights[${wrong}] of ${name}`, 'above 0', weights[wrong], next);
  return [checkedScores(scores, name), checked];
}

/** (n + 1): the sum of the first k values at k. */
function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] as number) + value;
  });
  return sums;
}
