import { isInconsistent } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import type { BinaryTask } from './binary-task.ts';

/**
 * The question that evidence techniques ask (methods.md 11.3): trusted examples (target true) against untrusted
 * inconsistent ones (false), which bear the marks of a tampering that failed; all others are left out.
 */
export function evidenceTask(technique: string, view: TrainingView): BinaryTask {
  const examples = view.examples.filter((example) => example.trusted || isInconsistent(example));
  return {
    technique,
    examples,
    targets: examples.map((example) => example.trusted),
    positives: 'trusted examples',
    negatives: 'untrusted examples with inconsistent measurements',
  };
}
