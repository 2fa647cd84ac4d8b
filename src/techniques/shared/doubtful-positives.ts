import { aggregateMeasurement, type SupervisedExample } from '../../core/examples.ts';

/** Untrusted with every present measurement positive: a real or a fake positive, and nobody told which. */
export function isDoubtfulPositive(example: SupervisedExample): boolean {
  return !example.trusted && aggregateMeasurement(example);
}

/** Whether any measurement is present; without one there is no aggregate to learn. */
export function hasAggregate(example: Pick<SupervisedExample, 'measurements'>): boolean {
  return example.measurements.some((measurement) => measurement !== null);
}
