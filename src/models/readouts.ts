import type { Arrays } from '../graph/optimizer.ts';
import { batchesOf } from './batching.ts';
import { type Runtime, readoutSession, readoutWidth } from './compiled.ts';
import { shapeOf, type TokenMask, textFeeds } from './feeds.ts';
import type { ModelShape } from './model-graph.ts';
import type { Network } from './network.ts';

/**
 * Texts per forward pass; large enough to keep the threads busy, small enough that few texts do not wait for padding and
 * that wide networks fit in memory.
 */
export function inferenceBatch({ width }: Network): number {
  return Math.min(64, Math.max(4, 2 ** Math.floor(Math.log2(8_192 / width))));
}

/** Logits and read-outs of every layer, one row of {@link readoutWidth} columns per text. */
export async function computeReadouts(
  model: ModelShape,
  weights: Arrays,
  encoded: readonly ArrayLike<number>[],
  runtime: Runtime,
  readMask?: TokenMask,
): Promise<Float32Array[]> {
  const { maxTokens } = model.network;
  const batchSize = inferenceBatch(model.network);
  const lengths = encoded.map(({ length }) => length);
  const width = readoutWidth(model);
  const results = new Array<Float32Array>(encoded.length);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const session = await readoutSession(model, shape, runtime);
    const { readouts } = await session.run({ ...weights, ...textFeeds(encoded, batch, shape, readMask) });
    batch.rows.forEach((row, i) => {
      results[row] = (readouts as Float32Array).slice(i * width, (i + 1) * width);
    });
  }
  return results;
}
