/** Attention within windows of a text: no token sees those of another window, nor the padding behind the text. */
import type { Value } from '../../graph/graph.ts';
import { concat, gather, reshape, slice } from '../../graph/operators.ts';
import { type AttendOptions, attend } from '../huggingface/attend.ts';
import { type Sight, textSight } from '../huggingface/sight.ts';
import type { ReadPositions, TextInputs } from '../network.ts';

/** Which tokens look, and at what, where texts may be longer than one window of so many tokens. */
export function windowSight(inputs: TextInputs, read: ReadPositions, window: number): Sight {
  const sight = textSight(inputs, read);
  const { graph, batch, tokens, lastPositions } = inputs;
  if (read === 'all' || tokens <= window) return sight;
  // By position of the last token: what it sees of its own window.
  const unseen = new Float32Array(tokens * tokens).fill(-1e9);
  for (let last = 0; last < tokens; last++) {
    unseen.fill(0, last * tokens + last - (last % window), last * tokens + last + 1);
  }
  const mask = gather(graph.constant(unseen, [tokens, tokens]), lastPositions);
  return { ...sight, mask: reshape(mask, [batch, 1, 1, tokens]) };
}

/** {@link attend} by tokens with a {@link windowSight}. */
export function attendInWindows(
  query: Value,
  key: Value,
  value: Value,
  { window, ...options }: Omit<AttendOptions, 'angles'> & { readonly window: number },
): Value {
  const { showHeads, ...sight } = options.sight;
  const { batch, queries, tokens, mask } = sight;
  if (queries < tokens || tokens <= window) return attend(query, key, value, options);
  const parts = Array.from({ length: Math.ceil(tokens / window) }, (_, i) => {
    const [from, to] = [i * window, Math.min(tokens, (i + 1) * window)];
    const part = (x: Value) => reshape(slice(reshape(x, [batch, tokens, -1]), 1, from, to), [batch * (to - from), -1]);
    const own = { ...sight, queries: to - from, tokens: to - from, mask: slice(mask, 3, from, to) };
    const attended = attend(part(query), part(key), part(value), { ...options, sight: own });
    return reshape(attended, [batch, to - from, -1]);
  });
  const outputs = reshape(concat(parts, 1), [batch * tokens, -1]);
  showHeads?.(outputs);
  return outputs;
}
