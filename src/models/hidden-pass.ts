import type { Arrays } from '../graph/optimizer.ts';
import { batchesOf } from './batching.ts';
import { hiddenSession, type Runtime } from './compiled.ts';
import { shapeOf, type TokenMask, textFeeds } from './feeds.ts';
import type { ModelShape } from './model-graph.ts';

/** How hidden states are computed. */
export interface HiddenPass {
  readonly model: ModelShape;
  readonly weights: Arrays;
  readonly layers: readonly number[];
  /** Whether every token's states are computed. */
  readonly everywhere: boolean;
  readonly runtime: Runtime;
  readonly batchSize: number;
  readonly readMask?: TokenMask;
}

/** Rows of one text, by layer in the order of `layers`. */
type TextRows = readonly Float32Array[];

/**
 * Hidden states of each text: where the model reads it, or with `everywhere` at the token positions `wanted` of it.
 */
export async function runHiddenPass(
  pass: HiddenPass,
  encoded: readonly Int32Array[],
  wanted: readonly (readonly number[])[] | undefined,
): Promise<readonly TextRows[]> {
  const { model, weights, layers, everywhere, runtime, batchSize, readMask } = pass;
  const { maxTokens, width } = model.network;
  const results = new Array<TextRows>(encoded.length);
  const lengths = encoded.map(({ length }) => length);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const session = await hiddenSession(model, layers, everywhere, shape, runtime);
    const states = await session.run({ ...weights, ...textFeeds(encoded, batch, shape, readMask) });
    batch.rows.forEach((text, i) => {
      const rows = everywhere ? (wanted?.[text] ?? []).map((position) => i * shape.tokens + position) : [i];
      results[text] = layers.map((layer) => takeRows(states[`layer-${layer}`] as Float32Array, rows, width));
    });
  }
  return results;
}

function takeRows(data: Float32Array, rows: readonly number[], width: number): Float32Array {
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}
