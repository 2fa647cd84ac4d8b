import { UserError } from '../../core/errors.ts';
import type { SupervisedExample } from '../../core/examples.ts';

/** A question with two answers, asked of some training examples. */
export interface BinaryTask {
  /** Id of the technique that asks, for messages. */
  readonly technique: string;
  readonly examples: readonly SupervisedExample[];
  /** The answer for each example. */
  readonly targets: readonly boolean[];
  /** How sure the answers are, P(target) in [0, 1], for losses that can make use of it. @default the targets */
  readonly probabilities?: ArrayLike<number>;
  /** What the examples with target true and false are, in the plural, for messages. */
  readonly positives: string;
  readonly negatives: string;
}

/**
 * Refuses a question to which all examples have the same answer, or all but fewer than `least`.
 *
 * @throws UserError `too-few-examples`, naming the technique, the class and what to do.
 */
export function requireBothClasses(task: Omit<BinaryTask, 'examples'>, least = 1): void {
  const positives = task.targets.filter(Boolean).length;
  requireCount(task.technique, task.positives, positives, least);
  requireCount(task.technique, task.negatives, task.targets.length - positives, least);
}

/**
 * Refuses too few of what a technique learns from.
 *
 * @throws UserError `too-few-examples`, naming the technique, what is counted and what to do.
 */
export function requireCount(technique: string, what: string, count: number, least: number): void {
  if (count >= least) return;
  throw new UserError(
    'too-few-examples',
    `Expected the number of ${what} that ${technique} learns from to be at least ${least}, got ${count}. ` +
      `Give it training examples with more of them, or leave ${technique} out.`,
  );
}
