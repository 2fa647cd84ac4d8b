/**
 * The causal model measurement_j = outcome OR tampering_j, and what it says of an example of which only the measurements,
 * and whether it is trusted, are known.
 */
import type { SupervisedExample } from '../../core/examples.ts';

/** All vectors of m truth values that agree with these; null stands for either. */
export type Box = readonly (boolean | null)[];

/** Tamperings that are possible without the outcome and with it, in this order; undefined where that is impossible. */
export type Explanations = readonly [withoutOutcome: Box | undefined, withOutcome: Box | undefined];

/** Number of a subspace, in the order of rotated coordinates: outcome, tampering with measurement 1 to m, rest. */
export const outcomeSubspace = 0;

/** Subspaces of m measurements. */
export function countSubspaces(measurements: number): number {
  return measurements + 2;
}

/**
 * What may have happened in an example. A trusted one has no tampering, so that some of its measurements being positive and
 * some negative cannot be explained; an untrusted one has every outcome and tampering that give its measurements.
 */
export function explain({ measurements, trusted }: Pick<SupervisedExample, 'measurements' | 'trusted'>): Explanations {
  const none: Box = measurements.map(() => false);
  const unknown: Box = measurements.map(() => null);
  const without = trusted ? none : measurements;
  return [
    trusted && measurements.includes(true) ? undefined : without,
    measurements.includes(false) ? undefined : trusted ? none : unknown,
  ];
}

/**
 * The measurement vectors that are possible once `subspace` of `base` has been exchanged for that of `source`: those of every
 * explanation of the one with every explanation of the other. Both must have one. As boxes, at most four, no two of which
 * share a vector: with 2ᵐ vectors to choose from, this keeps many measurements cheap.
 */
export function possibleMeasurements(base: Explanations, source: Explanations, subspace: number): readonly Box[] {
  const boxes = statesOf(base).flatMap((state) =>
    exchanged(state, source, subspace).map(({ outcome, tamperings }) =>
      outcome ? tamperings.map(() => true) : tamperings,
    ),
  );
  return boxes.filter(
    (box, i) => !boxes.some((other, j) => j !== i && contains(other, box) && !(j > i && same(other, box))),
  );
}

interface State {
  readonly outcome: boolean;
  readonly tamperings: Box;
}

function statesOf(explanations: Explanations): readonly State[] {
  return explanations.flatMap((tamperings, outcome) => (tamperings ? [{ outcome: outcome === 1, tamperings }] : []));
}

function exchanged(state: State, source: Explanations, subspace: number): readonly State[] {
  const { tamperings } = state;
  if (subspace > tamperings.length) return [state];
  return statesOf(source).map((other) => {
    if (subspace === outcomeSubspace) return { outcome: other.outcome, tamperings };
    const own = subspace - 1;
    return { ...state, tamperings: tamperings.map((value, j) => (j === own ? (other.tamperings[j] ?? null) : value)) };
  });
}

function contains(outer: Box, inner: Box): boolean {
  return outer.every((value, j) => value === null || value === inner[j]);
}

function same(a: Box, b: Box): boolean {
  return contains(a, b) && contains(b, a);
}
