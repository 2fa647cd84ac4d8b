import type { Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';

/** Texts asked for at once; the states of all their tokens are in memory. */
const chunk = 512;

/**
 * Calls `use` with each text's hidden states at every token, (length × width), in order. They are the caller's to keep
 * and to change.
 */
export async function readSequences(
  model: StrongModel,
  inputs: readonly Input[],
  layer: number,
  signal: AbortSignal | undefined,
  use: (states: Float32Array, index: number) => void,
): Promise<void> {
  for (let start = 0; start < inputs.length; start += chunk) {
    signal?.throwIfAborted();
    const { lengths, states } = await model.tokenStates(inputs.slice(start, start + chunk), layer);
    let at = 0;
    for (const [i, length] of lengths.entries()) {
      const end = at + length * states.columns;
      use(states.data.slice(at, end), start + i);
      at = end;
    }
  }
}
