import type { Matrix } from '../core/models.ts';
import type { Feeds } from '../graph/session.ts';
import type { Batch } from './batching.ts';
import { trainingInputNames } from './compiled.ts';
import { paddingId } from './tokenizer.ts';
import { type BatchShape, inputNames } from './transformer.ts';

/** The shape a batch is computed at. */
export function shapeOf(batch: Batch, batchSize: number): BatchShape {
  return { batch: batchSize, tokens: batch.bucket };
}

/** Token ids padded on the right, and where each text ends; rows that the batch lacks are empty texts. */
export function textFeeds(encoded: readonly Uint16Array[], { rows }: Batch, { batch, tokens }: BatchShape): Feeds {
  const ids = new Int32Array(batch * tokens).fill(paddingId);
  const positions = new Int32Array(batch);
  rows.forEach((row, i) => {
    const text = encoded[row] as Uint16Array;
    ids.set(text, i * tokens);
    positions[i] = text.length - 1;
  });
  return {
    [inputNames.tokens]: ids,
    [inputNames.lastPositions]: positions,
    [inputNames.lastRows]: positions.map((position, i) => i * tokens + position),
  };
}

/** Targets and loss weights, the latter divided by the rows there are; rows that the batch lacks weigh nothing. */
export function targetFeeds(targets: Matrix, weights: Matrix, { rows }: Batch, { batch }: BatchShape): Feeds {
  const { columns } = targets;
  const batchTargets = new Float32Array(batch * columns);
  const lossWeights = new Float32Array(batch * columns);
  rows.forEach((row, i) => {
    for (let column = 0; column < columns; column++) {
      batchTargets[i * columns + column] = targets.data[row * columns + column] as number;
      lossWeights[i * columns + column] = (weights.data[row * columns + column] as number) / rows.length;
    }
  });
  return { [trainingInputNames.targets]: batchTargets, [trainingInputNames.lossWeights]: lossWeights };
}
