import type { Arrays } from '../graph/optimizer.ts';
import type { Architecture } from './architecture.ts';
import { batchesOf } from './batching.ts';
import { type Runtime, readoutSession, readoutWidth } from './compiled.ts';
import { shapeOf, textFeeds } from './feeds.ts';

/** Texts per forward pass; large enough to keep the threads busy, small enough that few texts do not wait for padding. */
const batchSize = 64;

/** Logits and last-token hidden states of every layer, one row of {@link readoutWidth} columns per text. */
export async function computeReadouts(
  architecture: Architecture,
  weights: Arrays,
  encoded: readonly Uint16Array[],
  runtime: Runtime,
): Promise<Float32Array[]> {
  const { maxTokens } = architecture;
  const lengths = encoded.map(({ length }) => length);
  const width = readoutWidth(architecture);
  const results = new Array<Float32Array>(encoded.length);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const session = await readoutSession(architecture, shape, runtime);
    const { readouts } = await session.run({ ...weights, ...textFeeds(encoded, batch, shape) });
    batch.rows.forEach((row, i) => {
      results[row] = (readouts as Float32Array).slice(i * width, (i + 1) * width);
    });
  }
  return results;
}
