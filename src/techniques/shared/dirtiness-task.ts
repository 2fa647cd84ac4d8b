import { aggregateMeasurement } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import type { BinaryTask } from './binary-task.ts';

/** Trusted (target true) against untrusted (false) examples, among those with every measurement positive; methods.md 11.3. */
export function dirtinessTask(technique: string, view: TrainingView): BinaryTask {
  const examples = view.examples.filter(aggregateMeasurement);
  return {
    technique,
    examples,
    targets: examples.map((example) => example.trusted),
    positives: 'trusted examples with every measurement positive',
    negatives: 'untrusted examples with every measurement positive',
  };
}
