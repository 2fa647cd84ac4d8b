import { expected } from '../core/errors.ts';
import type { ActivationBatch } from './activation-batch.ts';

/**
 * Which token positions of an example give rows: the last token, the mean over all tokens, every token, or chosen ones
 * (counted from 0 at the example's first token).
 */
export type PositionChoice = 'last' | 'mean' | 'all' | ((id: string, tokens: number) => readonly number[]);

/** Hidden states of whole sequences, as a model gives them; padded, packed or concatenated alike. */
export interface HiddenStates {
  /** Where each example's real tokens are: `tokens` many from row `start` on. */
  readonly sequences: readonly { readonly id: string; readonly start: number; readonly tokens: number }[];
  /** Hidden states by layer, (rows × columns), row-major, of every token position of the batch. */
  readonly layers: ReadonlyMap<number, Float32Array>;
  /** Columns of every layer. */
  readonly columns: number;
}

/**
 * Rows of hidden states at the chosen positions.
 * @throws UserError when an example has no tokens or a chosen position lies outside it.
 */
export function atPositions(states: HiddenStates, choice: PositionChoice): ActivationBatch {
  const ids = states.sequences.map(({ id }) => id);
  for (const { id, tokens } of states.sequences) if (tokens < 1) throw fault(id, 'at least one token', tokens);
  if (choice === 'mean') return { ids, layers: mapLayers(states, (hidden) => means(states, hidden)) };
  const positions = states.sequences.map(({ id, tokens }) => positionsOf(id, tokens, choice));
  return { ids, positions, layers: mapLayers(states, (hidden) => gather(states, positions, hidden)) };
}

function positionsOf(id: string, tokens: number, choice: Exclude<PositionChoice, 'mean'>): readonly number[] {
  if (choice === 'last') return [tokens - 1];
  if (choice === 'all') return Array.from({ length: tokens }, (_, position) => position);
  const chosen = choice(id, tokens);
  const bad = chosen.find((position) => !Number.isInteger(position) || position < 0 || position >= tokens);
  if (bad !== undefined) throw fault(id, `positions from 0 to ${tokens - 1}`, bad);
  return chosen;
}

function mapLayers(states: HiddenStates, rowsOf: (hidden: Float32Array) => Float32Array) {
  return new Map([...states.layers].map(([layer, hidden]) => [layer, rowsOf(hidden)]));
}

function gather(states: HiddenStates, positions: readonly (readonly number[])[], hidden: Float32Array): Float32Array {
  const { columns, sequences } = states;
  const rows = positions.reduce((sum, chosen) => sum + chosen.length, 0);
  const result = new Float32Array(rows * columns);
  let at = 0;
  sequences.forEach(({ start }, i) => {
    for (const position of positions[i] as readonly number[]) {
      const from = (start + position) * columns;
      result.set(hidden.subarray(from, from + columns), at);
      at += columns;
    }
  });
  return result;
}

/** Mean over each example's tokens, summed in 64 bits. */
function means({ columns, sequences }: HiddenStates, hidden: Float32Array): Float32Array {
  const result = new Float32Array(sequences.length * columns);
  sequences.forEach(({ start, tokens }, i) => {
    const sums = new Float64Array(columns);
    for (let row = start; row < start + tokens; row++) {
      for (let j = 0; j < columns; j++) (sums[j] as number) += hidden[row * columns + j] as number;
    }
    for (let j = 0; j < columns; j++) result[i * columns + j] = (sums[j] as number) / tokens;
  });
  return result;
}

function fault(id: string, wanted: string, got: unknown) {
  return expected('invalid-positions', `example "${id}"`, `one with ${wanted}`, got, 'Choose other token positions.');
}
