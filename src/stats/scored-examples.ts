import { expected } from '../core/errors.ts';

/** One score per example; **higher = more likely positive**. */
export type Scores = ArrayLike<number>;

/** Whether each example is positive: booleans, or 0 and 1. */
export type Positives = ArrayLike<boolean | number>;

/** Scores with their classes after the one check that every public metric makes. */
export interface ScoredExamples {
  /** (n) */
  readonly scores: Scores;
  /** (n) The classes as they were given. */
  readonly classes: Positives;
  /** (n), 1 = positive. */
  readonly positive: Uint8Array;
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
}

/** @throws UserError when lengths differ, a score is not finite or a class is not boolean, 0 or 1. */
export function checkScored(scores: Scores, positives: Positives, name = 'scores'): ScoredExamples {
  if (scores.length !== positives.length) {
    const wanted = `as many as the ${positives.length} positives`;
    throw expected('scores-length', `the number of ${name}`, wanted, scores.length, 'Give one score per example');
  }
  checkFinite(scores, name);
  const positive = Uint8Array.from(positives, toBit);
  const count = positive.reduce((sum, bit) => sum + bit, 0);
  return {
    scores,
    classes: positives,
    positive,
    n: positive.length,
    positives: count,
    negatives: positive.length - count,
  };
}

/** @throws UserError naming the first value that is not a finite number. */
export function checkFinite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw expected('not-finite', `${name}[${i}]`, 'a finite number', String(values[i]), 'Look at what computed it');
  }
}

/** Why a metric that compares two classes cannot be computed, or undefined when both are there. */
export function oneClassReason({ n, positives, negatives }: ScoredExamples): string | undefined {
  if (n === 0) return 'there are no examples';
  if (positives === 0) return `there is no positive among ${n} examples`;
  if (negatives === 0) return `there is no negative among ${n} examples`;
  return undefined;
}

function toBit(value: boolean | number, index: number): number {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw expected('not-a-class', `positives[${index}]`, 'true, false, 1 or 0', value, 'Give one class per example');
}
