import { type SupervisedExample, weakLabel } from '../../core/examples.ts';
import { balanceLabels } from './balance-labels.ts';
import { requireBothClasses } from './binary-task.ts';

/** Training examples with what a student is to believe of them. */
export interface WeakTask {
  /** Id of the technique that asks, for messages. */
  readonly technique: string;
  readonly examples: readonly SupervisedExample[];
  /** P(outcome) as the supervision has it, in [0, 1], one per example. */
  readonly labels: Float64Array;
}

/** The examples that have a weak label, and their labels; those whose measurements are all masked have none. */
export function weakTask(technique: string, examples: readonly SupervisedExample[]): WeakTask {
  const labelled = examples.flatMap((example) => {
    const label = weakLabel(example);
    return label === null ? [] : [{ example, label }];
  });
  return {
    technique,
    examples: labelled.map(({ example }) => example),
    labels: Float64Array.from(labelled, ({ label }) => label),
  };
}

/** The examples of a task at these positions. */
export function partOfTask({ technique, examples, labels }: WeakTask, rows: readonly number[]): WeakTask {
  return {
    technique,
    examples: rows.map((row) => examples[row] as SupervisedExample),
    labels: Float64Array.from(rows, (row) => labels[row] as number),
  };
}

/** The same task with labels made 1 above a half, else 0. */
export function hardLabels(task: WeakTask): WeakTask {
  return { ...task, labels: task.labels.map((label) => Number(label > 0.5)) };
}

/**
 * Refuses labels of which none, or all, are above 1/2: a student of these would answer alike on every example.
 *
 * @throws UserError `too-few-examples`, naming the technique, the class and what to do.
 */
export function requireBothLabels({ technique, labels }: WeakTask, balance = false): void {
  requireBothClasses({
    technique,
    targets: Array.from(balance ? balanceLabels(labels) : labels, (label) => label > 0.5),
    positives: 'training examples with a weak label above 0.5',
    negatives: 'training examples with a weak label of at most 0.5',
  });
}
