import { TouchstoneError } from '../../core/errors.ts';
import { aggregateMeasurement, type Input, type SupervisedExample } from '../../core/examples.ts';
import type { HeadId, TrainingTargets } from '../../core/models.ts';
import { hasAggregate } from './doubtful-positives.ts';

/** What one head should answer on one example, and how much that counts in the loss. */
export interface HeadTarget {
  readonly head: HeadId;
  /** In [0, 1]. */
  readonly target: number;
  /** Loss coefficient, ≥ 0. */
  readonly weight: number;
}

/** w_agg of methods.md 11.2. */
const aggregateWeight = 0.3;

/**
 * Training targets (n × heads) of `examples`; a head that `targetsOf` does not name is masked on that example.
 *
 * @throws TouchstoneError `unknown-head` when a named head is not among `heads`.
 */
export function trainingTargets<T extends Input>(
  heads: readonly HeadId[],
  examples: readonly T[],
  targetsOf: (example: T, index: number) => readonly HeadTarget[],
): TrainingTargets {
  const shape = { rows: examples.length, columns: heads.length };
  const targets = new Float32Array(shape.rows * shape.columns);
  const weights = new Float32Array(shape.rows * shape.columns);
  examples.forEach((example, row) => {
    for (const { head, target, weight } of targetsOf(example, row)) {
      const cell = row * shape.columns + headIndex(heads, head);
      targets[cell] = target;
      weights[cell] = weight;
    }
  });
  return { inputs: examples, targets: { ...shape, data: targets }, weights: { ...shape, data: weights } };
}

/**
 * The measurement predictor's loss on one example (methods.md 11.2 with w_tok = g = 0):
 * 0.7 · Σ_j BCE(measurement_j) + 0.3 · BCE(aggregate), masked measurements left out.
 */
export function measurementTargets(example: SupervisedExample): readonly HeadTarget[] {
  const measurements = example.measurements.map((value, j) => ({
    head: `measurement-${j + 1}` as const,
    target: Number(value),
    weight: value === null ? 0 : 1 - aggregateWeight,
  }));
  const weight = hasAggregate(example) ? aggregateWeight : 0;
  return [{ head: 'aggregate', target: Number(aggregateMeasurement(example)), weight }, ...measurements];
}

/** Column of `head` in a model's (n × heads) matrices. */
export function headIndex(heads: readonly HeadId[], head: HeadId): number {
  const index = heads.indexOf(head);
  if (index >= 0) return index;
  throw new TouchstoneError('unknown-head', `Expected the model's heads to include ${head}, got ${heads.join(', ')}.`);
}
