import { createRng } from '../../core/random.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { meanVariance } from '../../stats/mean-variance.ts';
import { pickRows } from '../../techniques/shared/pick-rows.ts';
import type { InspectView } from './inspect-view.ts';

/** What a classifier is asked: to tell the examples of one kind from those of others. */
export interface Question {
  /** Positions with the answer yes. */
  readonly yes: readonly number[];
  /** Positions with the answer no, in kinds that count as much as each other. */
  readonly no: readonly (readonly number[])[];
  /** Further positions to score. */
  readonly also?: readonly number[];
}

/** Scores by classifiers that did not train on what they score; higher = more like `yes`. */
export interface CrossFitted {
  /** Scores of asked positions; in deviations within a class from the middle between the classes. */
  of(positions: readonly number[]): Float64Array;
}

/** What cannot be asked, and why. */
export interface Unasked {
  readonly undefined: string;
}

/** A class of fewer has no one to learn from once a fold is set apart. */
const least = 10;
const mostPerKind = 2000;

/** Trains on positions with classes and weights; the result scores any positions. */
export type TrainClassifier = (
  train: readonly number[],
  classes: readonly boolean[],
  weights: Float64Array,
) => Promise<(positions: readonly number[]) => Float64Array>;

/**
 * Cross-fitted scores: for each fold a classifier is trained without it and scores the fold's examples. The classes weigh
 * the same. Scores of different classifiers are put on one scale by their training examples.
 */
export async function crossFit(
  view: InspectView,
  { yes, no, also = [] }: Question,
  classifier: TrainClassifier = linearFit(view),
): Promise<CrossFitted | Unasked> {
  const reason = whyNot(view, yes, no);
  if (reason !== undefined) return { undefined: reason };
  const scores = new Float64Array(view.examples.length).fill(Number.NaN);
  const asked = [...new Set([...yes, ...no.flat(), ...also])];
  for (let fold = 0; fold < view.folds; fold++) {
    view.signal.throwIfAborted();
    const judged = asked.filter((i) => view.fold[i] === fold);
    if (judged.length === 0) continue;
    const score = await trainWithout(view, fold, { yes, no }, classifier);
    score(judged).forEach((value, k) => {
      scores[judged[k] as number] = value;
    });
  }
  return { of: (positions) => Float64Array.from(positions, (i) => scores[i] as number) };
}

export function isUnasked(fitted: CrossFitted | Unasked): fitted is Unasked {
  return 'undefined' in fitted;
}

function whyNot(view: InspectView, yes: readonly number[], no: readonly (readonly number[])[]): string | undefined {
  if (view.rows.columns === 0) return 'there are no features';
  for (const kind of [yes, ...no]) {
    if (kind.length < least) return `fewer than ${least} examples of a kind (${kind.length})`;
    if (new Set(kind.map((i) => view.fold[i])).size < 2) {
      return 'all examples of a kind share one text or group, so none can be kept apart to judge on';
    }
  }
  return undefined;
}

async function trainWithout(view: InspectView, fold: number, { yes, no }: Question, classifier: TrainClassifier) {
  const rng = createRng(view.seed, 'cross-fit', fold);
  const kinds = [yes, ...no].map((kind) => {
    const outside = kind.filter((i) => view.fold[i] !== fold);
    return outside.length > mostPerKind ? rng.sample(outside, mostPerKind) : outside;
  });
  const train = kinds.flat();
  const classes = kinds.flatMap((kind, k) => kind.map(() => k === 0));
  const weights = Float64Array.from(kinds.flatMap((kind, k) => kind.map(() => 1 / kind.length / (k ? no.length : 1))));
  const raw = await classifier(train, classes, weights);
  const { middle, deviation } = scaleOf(raw(train), classes);
  return (positions: readonly number[]) => raw(positions).map((s) => (deviation > 0 ? (s - middle) / deviation : 0));
}

/** Middle between the classes' means, and the deviation within classes; where that is none, their distance from it. */
function scaleOf(scores: Float64Array, classes: readonly boolean[]) {
  const [a, b] = [true, false].map((own) => meanVariance(scores.filter((_, i) => classes[i] === own)));
  if (!a || !b) return { middle: 0, deviation: 0 };
  const deviation = Math.sqrt((a.deviation ** 2 + b.deviation ** 2) / 2);
  const middle = (a.mean + b.mean) / 2;
  // Below rounding of what it is a deviation of, it is none.
  const seen = [deviation, Math.abs(a.mean - b.mean) / 2].find((one) => one > 1e-9 * Math.max(1, Math.abs(middle)));
  return { middle, deviation: seen ?? 0 };
}

/**
 * Logistic regression on the features, scaled to unit variance. λ = d/8n is the prior under which the logit of d unit
 * features has a variance of 4 (an AUROC of about 0.9), so that many features and few examples are held back.
 */
function linearFit({ rows }: InspectView): TrainClassifier {
  return async (train, classes, weights) => {
    const yes = classes.filter(Boolean).length;
    const effective = (4 * yes * (classes.length - yes)) / classes.length;
    const l2 = Math.min(1, Math.max(1e-4, rows.columns / (8 * effective)));
    const source = matrixRows(pickRows(rows, train));
    const fitted = await fitLogisticRegression(source, classes, { l2, weights, standardize: true, tolerance: 1e-4 });
    return (positions) => decision(pickRows(rows, positions), fitted);
  };
}
