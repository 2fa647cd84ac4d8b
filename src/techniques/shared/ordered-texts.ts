import { pairInputs } from '../../core/contrast-pairs.ts';
import type { Input } from '../../core/examples.ts';
import { countWordings } from './pair-activations.ts';
import type { PairTask } from './pair-task.ts';

/** The prompt with each candidate of some pairs, (n) each. */
interface CandidateTexts {
  readonly negative: readonly Input[];
  readonly positive: readonly Input[];
}

/** The same by which candidate is the better one. */
interface OrderedTexts {
  readonly better: readonly Input[];
  readonly worse: readonly Input[];
}

/**
 * The texts of both candidates of each input's first contrast pair.
 *
 * @throws UserError `contrast-pairs`, naming the first input that has none.
 */
export function candidateTexts(technique: string, inputs: readonly Input[]): CandidateTexts {
  countWordings(technique, inputs, 1);
  return pairInputs(inputs);
}

/** The texts of a task's pairs, the better and the worse candidate's. @throws UserError as {@link candidateTexts}. */
export function orderedTexts({ technique, examples, targets }: PairTask): OrderedTexts {
  const { negative, positive } = candidateTexts(technique, examples);
  const candidate = (better: boolean) =>
    targets.map((target, row) => (target === better ? positive : negative)[row] as Input);
  return { better: candidate(true), worse: candidate(false) };
}
