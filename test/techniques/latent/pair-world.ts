import type { ContrastPair, Example, Input } from '../../../src/core/examples.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import type { FittedTechnique } from '../../../src/core/techniques.ts';
import { textOf } from '../fake-model.ts';

/** Dimensions of a planted state: the first tells the sides apart, of the others the truth is one direction. */
export const pairWidth = 24;

/** Unit length, nothing along the first dimension. */
export const truthDirection: readonly number[] = unit([
  0, 3, -1, 2, 0, 1, -2, 1, 0, 2, -1, 1, 1, 0, -3, 1, -1, 2, 2, -1, 0, 1, 1, -2,
]);

interface PairWorld {
  readonly seed: number;
  readonly n: number;
  /** @default 2 */
  readonly wordings?: number;
  /** Size of the truth in a state, whose noise has deviation 1. @default 2 */
  readonly truth?: number;
  /** Share of weak labels that are right. @default 0.8 */
  readonly supervision?: number;
}

/**
 * Contrast pairs whose states are written in their texts: ±truth along {@link truthDirection} for the right and the wrong
 * side, an offset of each side and wording, and noise. One example in four is trusted and measured rightly.
 */
export function pairExamples({ seed, n, wordings = 2, truth = 2, supervision = 0.8 }: PairWorld): readonly Example[] {
  const rng = createRng(seed, 'pair-world');
  return Array.from({ length: n }, (_, index) => {
    const groundTruth = rng.chance(0.5);
    const trusted = rng.chance(0.25);
    const believed = trusted || rng.chance(supervision) ? groundTruth : !groundTruth;
    const pairs = Array.from({ length: wordings }, (_, wording) => {
      const side = (sign: 1 | -1) => textOf(stateOf(sign, wording, truth * (groundTruth ? sign : -sign), rng));
      return { prompt: '', negative: side(-1), positive: side(1) };
    });
    const id = `pair-${seed}-${index}`;
    return { id, text: id, pairs, measurements: [believed], trusted, groundTruth };
  });
}

function stateOf(side: 1 | -1, wording: number, along: number, rng: Rng): readonly number[] {
  return truthDirection.map(
    (t, j) => along * t + (j === 0 ? 5 * side : 0) + (j === 8 ? 2 * wording : 0) + rng.normal(),
  );
}

/** The pairs of an input with their sides exchanged. */
export function swapped<T extends Input>(input: T): T {
  const pairs = input.pairs?.map(({ prompt, negative, positive }) => ({
    prompt,
    negative: positive,
    positive: negative,
  }));
  return { ...input, ...(pairs && { pairs }) };
}

/** Where a score grows fastest as the positive side moves away from the negative one, of unit length. */
export async function directionOf(fitted: FittedTechnique, wordings: number): Promise<readonly number[]> {
  const step = 0.05;
  const moved = (j: number, by: number) => Array.from({ length: pairWidth }, (_, k) => (k === j ? by : 0));
  const inputs = Array.from({ length: pairWidth }, (_, j) => [step, -step].map((by) => moved(j, by))).flat();
  const scores = await fitted.score(
    inputs.map((state, index) => ({ id: `step-${index}`, text: '', pairs: repeated(state, wordings) })),
  );
  return unit(Array.from({ length: pairWidth }, (_, j) => (scores[2 * j] as number) - (scores[2 * j + 1] as number)));
}

function repeated(state: readonly number[], wordings: number): readonly ContrastPair[] {
  const still = textOf(state.map(() => 0));
  return Array.from({ length: wordings }, () => ({ prompt: '', negative: still, positive: textOf(state) }));
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  return unit(a).reduce((sum, value, j) => sum + value * (unit(b)[j] as number), 0);
}

function unit(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
