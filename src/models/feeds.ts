import type { Matrix } from '../core/models.ts';
import type { Feeds } from '../graph/session.ts';
import type { Batch } from './batching.ts';
import { trainingInputNames } from './compiled.ts';
import { readWeightsName } from './model-graph.ts';
import type { BatchShape } from './network.ts';
import { textInputNames } from './text-inputs.ts';

/** Which tokens of a text count: one number per token, not 0 where it does. */
export type TokenMask = (ids: Int32Array) => ArrayLike<number>;

/** Padding never reaches a read-out, so any id will do. */
const paddingId = 0;

/** The shape a batch is computed at. */
export function shapeOf(batch: Batch, batchSize: number): BatchShape {
  return { batch: batchSize, tokens: batch.bucket };
}

/**
 * Token ids padded on the right, where each text ends, and what its tokens weigh in a mean (all that `mask` lets count
 * the same; all of them where it lets none). Rows that the batch lacks are empty texts.
 */
export function textFeeds(
  encoded: readonly ArrayLike<number>[],
  { rows }: Pick<Batch, 'rows'>,
  { batch, tokens }: BatchShape,
  mask?: TokenMask,
): Feeds {
  const ids = new Int32Array(batch * tokens).fill(paddingId);
  const positions = new Int32Array(batch);
  const readWeights = new Float32Array(batch * tokens);
  for (let i = 0; i < batch; i++) {
    const text = i < rows.length ? (encoded[rows[i] as number] as ArrayLike<number>) : [paddingId];
    ids.set(text, i * tokens);
    positions[i] = text.length - 1;
    readWeights.set(evenWeights(Int32Array.from(text), mask), i * tokens);
  }
  return {
    [textInputNames.ids]: ids,
    [textInputNames.lastPositions]: positions,
    [textInputNames.lastRows]: positions.map((position, i) => i * tokens + position),
    [readWeightsName]: readWeights,
  };
}

function evenWeights(ids: Int32Array, mask?: TokenMask): Float32Array {
  const counted = mask
    ? Float32Array.from(mask(ids), (value) => (value ? 1 : 0))
    : new Float32Array(ids.length).fill(1);
  const count = counted.reduce((sum, value) => sum + value, 0);
  return count === 0 ? evenWeights(ids) : counted.map((value) => value / count);
}

/** Targets and loss weights, the latter divided by `count`, the examples of a step; rows that the batch lacks weigh nothing. */
export function targetFeeds(
  targets: Matrix,
  weights: Matrix,
  { rows }: Pick<Batch, 'rows'>,
  { batch }: BatchShape,
  count = rows.length,
): Feeds {
  const { columns } = targets;
  const batchTargets = new Float32Array(batch * columns);
  const lossWeights = new Float32Array(batch * columns);
  rows.forEach((row, i) => {
    for (let column = 0; column < columns; column++) {
      batchTargets[i * columns + column] = targets.data[row * columns + column] as number;
      lossWeights[i * columns + column] = (weights.data[row * columns + column] as number) / count;
    }
  });
  return { [trainingInputNames.targets]: batchTargets, [trainingInputNames.lossWeights]: lossWeights };
}

/** For each token the id that follows it, and what predicting it weighs: `weight` where `mask` lets that id count, else 0. */
export function nextTokenFeeds(
  encoded: readonly Int32Array[],
  { rows }: Pick<Batch, 'rows'>,
  { batch, tokens }: BatchShape,
  weight: number,
  mask?: TokenMask,
): Feeds {
  const ids = new Int32Array(batch * tokens);
  const weights = new Float32Array(batch * tokens);
  rows.forEach((row, i) => {
    const text = encoded[row] as Int32Array;
    const counted = mask?.(text);
    for (let at = 1; at < text.length; at++) {
      ids[i * tokens + at - 1] = text[at] as number;
      weights[i * tokens + at - 1] = !counted || counted[at] ? weight : 0;
    }
  });
  return { [trainingInputNames.nextTokens]: ids, [trainingInputNames.nextTokenWeights]: weights };
}

/** Tokens of the rows that a next-token loss counts. */
export function countedNextTokens(encoded: readonly Int32Array[], rows: readonly number[], mask?: TokenMask): number {
  const counts = rows.map((row) => {
    const text = encoded[row] as Int32Array;
    const counted = mask?.(text);
    return counted
      ? Array.from(counted).filter((value, at) => at > 0 && at < text.length && value).length
      : text.length - 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
