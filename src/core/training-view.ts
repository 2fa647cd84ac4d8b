import type { Example, Input, SupervisedExample } from './examples.ts';
import type { TrainingView } from './techniques.ts';

/**
 * The ground-truth firewall (design.md section 4): fresh, frozen objects that never held the hidden outcome.
 * `groundTruth: true` is for a technique that declares `needs.groundTruth`; it gets the outcomes as a separate map.
 */
export function createTrainingView(
  examples: readonly Example[],
  measurementNames: readonly string[],
  options: { readonly groundTruth: boolean },
): TrainingView {
  const supervised = Object.freeze(examples.map(hideGroundTruth));
  const view = { examples: supervised, measurementNames: Object.freeze([...measurementNames]) };
  if (!options.groundTruth) return Object.freeze(view);
  return Object.freeze({ ...view, groundTruth: new Map(examples.map((example) => [example.id, example.groundTruth])) });
}

/** What a technique may score: the inputs alone, as fresh frozen objects. */
export function inputsOf(examples: readonly Example[]): readonly Input[] {
  return Object.freeze(examples.map(({ id, text }) => Object.freeze({ id, text })));
}

function hideGroundTruth({ id, text, measurements, trusted, tamperEvidence }: Example): SupervisedExample {
  const seen = { id, text, measurements: Object.freeze([...measurements]), trusted };
  if (tamperEvidence === undefined) return Object.freeze(seen);
  const { overall, individual } = tamperEvidence;
  return Object.freeze({
    ...seen,
    tamperEvidence: Object.freeze({ overall, individual: Object.freeze([...individual]) }),
  });
}
