import type { Example, Input, SupervisedExample } from './examples.ts';
import type { TrainingView } from './techniques.ts';

/**
 * The ground-truth firewall (design.md section 4): fresh, frozen objects that never held the hidden outcome.
 * `groundTruth: true` is for a technique that declares `needs.groundTruth`; it gets the outcomes as a separate map, with
 * the examples that a weak supervisor learned from.
 */
export function createTrainingView(
  examples: readonly Example[],
  measurementNames: readonly string[],
  options: { readonly groundTruth: boolean; readonly supervisorExamples?: readonly Example[] | undefined },
): TrainingView {
  const supervised = Object.freeze(examples.map(hideGroundTruth));
  const view = { examples: supervised, measurementNames: Object.freeze([...measurementNames]) };
  if (!options.groundTruth) return Object.freeze(view);
  const { supervisorExamples } = options;
  const known = [...examples, ...(supervisorExamples ?? [])];
  return Object.freeze({
    ...view,
    ...(supervisorExamples && { supervisorExamples: Object.freeze(supervisorExamples.map(hideGroundTruth)) }),
    groundTruth: new Map(known.map((example) => [example.id, example.groundTruth])),
  });
}

/** What a technique may score: the inputs alone, as fresh frozen objects. */
export function inputsOf(examples: readonly Example[]): readonly Input[] {
  return Object.freeze(examples.map((example) => Object.freeze(visibleInput(example))));
}

function visibleInput({ id, text, pairs }: Example): Input {
  if (pairs === undefined) return { id, text };
  const copies = pairs.map(({ prompt, negative, positive }) => Object.freeze({ prompt, negative, positive }));
  return { id, text, pairs: Object.freeze(copies) };
}

function hideGroundTruth(example: Example): SupervisedExample {
  const { measurements, trusted, weakLabels, difficulty, tamperEvidence } = example;
  const seen = {
    ...visibleInput(example),
    measurements: Object.freeze([...measurements]),
    trusted,
    ...(weakLabels !== undefined && { weakLabels: Object.freeze([...weakLabels]) }),
    ...(difficulty !== undefined && { difficulty }),
  };
  if (tamperEvidence === undefined) return Object.freeze(seen);
  const { overall, individual } = tamperEvidence;
  return Object.freeze({
    ...seen,
    tamperEvidence: Object.freeze({ overall, individual: Object.freeze([...individual]) }),
  });
}
