import { describe, expect, it } from 'vitest';
import { atPositions, type HiddenStates } from '../../src/activations/positions.ts';
import { UserError } from '../../src/core/errors.ts';

/** Two examples of 3 and 1 tokens in a batch padded to 3; padding is 99. */
const states: HiddenStates = {
  columns: 2,
  sequences: [
    { id: 'a', start: 0, tokens: 3 },
    { id: 'b', start: 3, tokens: 1 },
  ],
  layers: new Map([[1, Float32Array.of(1, 2, 3, 4, 8, 6, 7, 5, 99, 99, 99, 99)]]),
};
const rows = (batch: ReturnType<typeof atPositions>) => [...(batch.layers.get(1) ?? [])];

describe('rows at token positions', () => {
  it('are the last, the mean, all or chosen ones, never padding', () => {
    const last = atPositions(states, 'last');
    expect([rows(last), last.positions]).toEqual([
      [8, 6, 7, 5],
      [[2], [0]],
    ]);
    const mean = atPositions(states, 'mean');
    expect([rows(mean), mean.positions]).toEqual([[4, 4, 7, 5], undefined]);
    const all = atPositions(states, 'all');
    expect([rows(all), all.positions]).toEqual([
      [1, 2, 3, 4, 8, 6, 7, 5],
      [[0, 1, 2], [0]],
    ]);
    const chosen = atPositions(states, (_, tokens) => (tokens > 1 ? [2, 0] : [0]));
    expect([rows(chosen), chosen.positions]).toEqual([
      [8, 6, 1, 2, 7, 5],
      [[2, 0], [0]],
    ]);
  });

  it('read packed sequences and padding on the left alike', () => {
    const packed = {
      ...states,
      sequences: [
        { id: 'b', start: 3, tokens: 1 },
        { id: 'c', start: 1, tokens: 2 },
      ],
    };
    expect(rows(atPositions(packed, 'last'))).toEqual([7, 5, 8, 6]);
  });

  it('must lie within the example, which must have tokens', () => {
    expect(() => atPositions(states, () => [1])).toThrow(UserError);
    expect(() => atPositions(states, () => [1])).toThrow(/example "b".*from 0 to 0.*1/);
    const empty = { ...states, sequences: [{ id: 'e', start: 0, tokens: 0 }] };
    expect(() => atPositions(empty, 'last')).toThrow(/example "e".*at least one token/);
  });
});
