import type { HeadId } from '../../core/models.ts';
import type { Rng } from '../../core/random.ts';
import type { Box } from './das-causal-model.ts';
import { headIndex } from './targets.ts';

/** w_agg of methods.md 11.2. */
const aggregateWeight = 0.3;

/** A loss with its gradient by the head logits, (heads). */
export interface HeadLoss {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/**
 * How far head logits are from a set of measurement vectors, given as disjoint boxes:
 *
 *   0.7 · −log Σ_{v ∈ set} Π_j P(measurement_j = v_j) + 0.3 · BCE(aggregate),
 *
 * the aggregate's part only where all vectors of the set have the same one. With one vector in the set this is the measurement
 * predictor's own loss; with all of them it is 0.
 */
export function possibilityLoss(heads: readonly HeadId[], boxes: readonly Box[], logits: ArrayLike<number>): HeadLoss {
  const gradient = new Float64Array(heads.length);
  const columns = (boxes[0] ?? []).map((_, j) => headIndex(heads, `measurement-${j + 1}`));
  const logs = boxes.map((box) =>
    box.reduce(
      (sum, value, j) => (value === null ? sum : sum - surprise(logits[columns[j] as number] as number, value)),
      0,
    ),
  );
  const total = logSumExp(logs);
  boxes.forEach((box, b) => {
    const share = Math.exp((logs[b] as number) - total);
    box.forEach((value, j) => {
      const column = columns[j] as number;
      if (value === null) return;
      (gradient[column] as number) +=
        (1 - aggregateWeight) * share * (logistic(logits[column] as number) - Number(value));
    });
  });
  const measured = -(1 - aggregateWeight) * total;
  const aggregate = aggregateOf(boxes);
  if (aggregate === undefined) return { loss: measured, gradient };
  const column = headIndex(heads, 'aggregate');
  const logit = logits[column] as number;
  gradient[column] = aggregateWeight * (logistic(logit) - Number(aggregate));
  return { loss: measured + aggregateWeight * surprise(logit, aggregate), gradient };
}

/** One vector of the set, each as likely as any other, as the only box of a set. */
export function drawPossibility(boxes: readonly Box[], rng: Rng): readonly Box[] {
  const sizes = boxes.map((box) => 2 ** box.filter((value) => value === null).length);
  let left = rng.uniform() * sizes.reduce((sum, size) => sum + size, 0);
  const drawn = boxes.find((_, b) => {
    left -= sizes[b] as number;
    return left < 0;
  });
  return [(drawn as Box).map((value) => value ?? rng.chance(0.5))];
}

/** The aggregate measurement of all vectors of a set; undefined where they differ. */
function aggregateOf(boxes: readonly Box[]): boolean | undefined {
  if (!boxes.some((box) => !box.includes(false))) return false;
  return boxes.every((box) => box.every((value) => value === true)) ? true : undefined;
}

/** −log P(value) where `logit` is that of true. */
function surprise(logit: number, value: boolean): number {
  const margin = value ? logit : -logit;
  return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
