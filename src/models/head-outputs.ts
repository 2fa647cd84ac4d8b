import { batchesOf } from './batching.ts';
import { headOutputSession } from './compiled.ts';
import { shapeOf, type TokenMask, textFeeds } from './feeds.ts';
import type { InterventionTarget } from './interventions.ts';
import { inferenceBatch } from './readouts.ts';

/**
 * What the attention heads give before their output projection, heads side by side, where the model reads its texts: one
 * row per text, (layers · heads · depth), block 1 first.
 * @throws UserError (`no-head-outputs`) where the network does not show its heads, as one opened from an ONNX file.
 */
export async function computeHeadOutputs(
  { model, weights, encoded, runtime }: InterventionTarget,
  readMask?: TokenMask,
): Promise<Float32Array[]> {
  const { maxTokens } = model.network;
  const batchSize = inferenceBatch(model.network);
  const lengths = encoded.map(({ length }) => length);
  const rows = new Array<Float32Array>(encoded.length);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const session = await headOutputSession(model, shape, runtime);
    const { heads } = await session.run({ ...weights, ...textFeeds(encoded, batch, shape, readMask) });
    const columns = heads.length / batchSize;
    batch.rows.forEach((row, i) => {
      rows[row] = heads.slice(i * columns, (i + 1) * columns);
    });
  }
  return rows;
}
