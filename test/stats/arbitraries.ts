import fc from 'fast-check';

// The same examples on every run.
fc.configureGlobal({ seed: 20, numRuns: 200 });

export interface Sample {
  readonly scores: number[];
  readonly positives: boolean[];
}

const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -50, max: 50, noNaN: true }));

/** Up to 14 scored examples: many ties, often one class, sometimes none or one example, sometimes constant scores. */
export const anySample: fc.Arbitrary<Sample> = fc
  .array(fc.record({ score, positive: fc.boolean() }), { maxLength: 14 })
  .map(toSample);

/** At least two examples of each class. */
export const twoClassSample: fc.Arbitrary<Sample> = fc
  .tuple(fc.array(score, { minLength: 2, maxLength: 8 }), fc.array(score, { minLength: 2, maxLength: 8 }))
  .map(([positives, negatives]) =>
    toSample([
      ...positives.map((value) => ({ score: value, positive: true })),
      ...negatives.map((value) => ({ score: value, positive: false })),
    ]),
  );

/** A second score for the examples of a sample. */
export function otherScores({ scores }: Sample): fc.Arbitrary<number[]> {
  return fc.array(score, { minLength: scores.length, maxLength: scores.length });
}

function toSample(rows: readonly { readonly score: number; readonly positive: boolean }[]): Sample {
  return { scores: rows.map((row) => row.score), positives: rows.map((row) => row.positive) };
}
