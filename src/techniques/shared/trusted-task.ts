import { aggregateMeasurement } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import type { BinaryTask } from './binary-task.ts';
import { hasAggregate } from './doubtful-positives.ts';

/** The aggregate measurement on trusted examples, where it is the ground truth; methods.md 11.3. */
export function trustedTask(technique: string, view: TrainingView): BinaryTask {
  const examples = view.examples.filter((example) => example.trusted && hasAggregate(example));
  return {
    technique,
    examples,
    targets: examples.map(aggregateMeasurement),
    positives: 'trusted examples with every measurement positive',
    negatives: 'trusted examples with a negative measurement',
  };
}
