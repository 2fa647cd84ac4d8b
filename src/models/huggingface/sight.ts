/** What each token of a text may look at, and which tokens look at all. */
import type { Value } from '../../graph/graph.ts';
import { gather, reshape, where } from '../../graph/operators.ts';
import type { BatchShape, ReadPositions, TextInputs } from '../network.ts';

export interface Sight extends BatchShape {
  /** Tokens of each text that look: all, or the last one. */
  readonly queries: number;
  /** Rows of the tokens that look: (batch · tokens × n) → (batch · queries × n). */
  rows(x: Value): Value;
  /** Gets the attention heads' outputs, (batch · queries × heads · depth). */
  readonly showHeads?: (outputs: Value) => void;
  /** Added to scores of shape (batch, keyValueHeads, group · queries, tokens), broadcasting. */
  readonly mask: Value;
  /** Positions of the tokens that look, int64: (1), the first, for all; (batch, 1) for the last. */
  positions(): Value;
}

/** Very negative, yet far from overflowing when added to a score. */
const unseen = -1e9;

/**
 * A token sees itself and those before it. Texts are padded on the right, so that this keeps padding out as well.
 * @param group query heads per key-value head.
 */
export function causalSight(inputs: TextInputs, read: ReadPositions, group: number): Sight {
  const { graph, tokens, batch, lastPositions } = inputs;
  const mask = (rows: number) => {
    const data = new Float32Array(rows * tokens);
    for (let row = 0; row < rows; row++) data.fill(unseen, row * tokens + (row % tokens) + 1, (row + 1) * tokens);
    return graph.constant(data, [rows, tokens]);
  };
  if (read === 'all') return { ...sightOf(inputs, read), mask: mask(group * tokens) };
  return { ...sightOf(inputs, read), mask: reshape(gather(mask(tokens), lastPositions), [batch, 1, 1, tokens]) };
}

/** A token sees every token of its text, but not the padding behind it. */
export function textSight(inputs: TextInputs, read: ReadPositions): Sight {
  const { graph, batch, tokens, lastPositions } = inputs;
  const positions = graph.constant(
    Array.from({ length: tokens }, (_, position) => position),
    [1, 1, 1, tokens],
    'int32',
  );
  const ends = reshape(lastPositions, [batch, 1, 1, 1]);
  const padding = graph.emit({ operator: 'Greater', inputs: [positions, ends] }, [batch, 1, 1, tokens], 'bool');
  return { ...sightOf(inputs, read), mask: where(padding, unseen, 0) };
}

function sightOf({ graph, batch, tokens, lastRows, lastPositions }: TextInputs, read: ReadPositions) {
  if (read === 'all') {
    return { batch, tokens, queries: tokens, rows: (x: Value) => x, positions: () => graph.integers([0]) };
  }
  const cast = { operator: 'Cast', inputs: [reshape(lastPositions, [batch, 1])], attributes: { to: int64Type } };
  const positions = () => graph.emit(cast, [batch, 1], 'int64');
  return { batch, tokens, queries: 1, rows: (x: Value) => gather(x, lastRows), positions };
}

// TensorProto.DataType.INT64
const int64Type = 7;
