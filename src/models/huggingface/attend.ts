import type { Value } from '../../graph/graph.ts';
import { type RotaryTables, rotary } from '../../graph/operators/rotary.ts';
import { attention, reshape, transpose } from '../../graph/operators.ts';
import type { Sight } from './sight.ts';

export interface AttendOptions {
  readonly sight: Sight;
  readonly heads: number;
  /** Divides `heads`; each serves heads / keyValueHeads query heads in a row. */
  readonly keyValueHeads: number;
  /** Factor on the scores. @default 1 / √depth */
  readonly scale?: number;
  /** Angles that turn queries and keys. */
  readonly angles?: Pick<RotaryTables, 'cosines' | 'sines'>;
}

/**
 * Multi-head attention: queries (batch · queries × heads · depth), keys and values (batch · tokens × keyValueHeads ·
 * depth) → (batch · queries × heads · depth). The query heads of one key-value head are laid one behind the other as
 * if they were further queries, so that keys and values are not repeated in memory.
 */
export function attend(query: Value, key: Value, value: Value, options: AttendOptions): Value {
  const { sight, heads, keyValueHeads, scale, angles } = options;
  const { batch, queries, tokens, mask } = sight;
  const turn = (x: Value, positions: () => Value) => (angles ? rotary(x, { ...angles, positions: positions() }) : x);
  const q = turn(headsFirst(query, batch, queries, heads), sight.positions);
  const k = turn(headsFirst(key, batch, tokens, keyValueHeads), () => key.graph.integers([0]));
  const v = headsFirst(value, batch, tokens, keyValueHeads);
  const depth = q.shape[3] as number;
  const grouped = reshape(q, [batch, keyValueHeads, (heads / keyValueHeads) * queries, depth]);
  const attended = attention(grouped, k, v, { mask, ...(scale !== undefined && { scale }) });
  const apart = reshape(attended, [batch, heads, queries, depth]);
  const outputs = reshape(transpose(apart, [0, 2, 1, 3]), [batch * queries, heads * depth]);
  sight.showHeads?.(outputs);
  return outputs;
}

/** (batch · tokens × heads · depth) → (batch, heads, tokens, depth). */
function headsFirst(x: Value, batch: number, tokens: number, heads: number): Value {
  return transpose(reshape(x, [batch, tokens, heads, -1]), [0, 2, 1, 3]);
}
