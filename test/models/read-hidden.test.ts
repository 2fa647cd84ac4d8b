import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/core/examples.ts';
import { type HiddenBatch, type ReadHiddenOptions, readHidden } from '../../src/models/read-hidden.ts';
import { createPretrained } from '../../src/models/strong-model.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { tinyModel } from './tiny-network.ts';

const inputs = plantedExamples(150, 1);
const model = createPretrained(smallOptions());
const tokens = inputs.map(({ text }) => model.parts.tokenizer.encode(text).length);

async function batchesOf(options: Partial<ReadHiddenOptions>): Promise<HiddenBatch[]> {
  const batches: HiddenBatch[] = [];
  for await (const batch of readHidden(model, { inputs, ...options })) batches.push(batch);
  return batches;
}

/** Rows of one layer of all batches, text by text. */
function rowsOf(batches: readonly HiddenBatch[], layer: number): number[][][] {
  return batches.flatMap(({ ids, positions, layers }) => {
    const data = layers.get(layer) as Float32Array;
    let at = 0;
    const next = () => {
      at += 32;
      return [...data.subarray(at - 32, at)];
    };
    return ids.map((_, text) => Array.from({ length: positions?.[text]?.length ?? 1 }, next));
  });
}

describe('readHidden', () => {
  it('gives the last token of every layer as activations do, in order', async () => {
    const batches = await batchesOf({});
    expect(batches.flatMap(({ ids }) => ids)).toEqual(inputs.map(({ id }) => id));
    expect(batches.flatMap(({ positions }) => positions).flat()).toEqual(tokens.map((count) => count - 1));
    for (const layer of [0, 1, 2]) {
      const { data } = await model.activations(inputs, layer);
      expect(apart(rowsOf(batches, layer).flat(2), data)).toBeLessThan(1e-5);
    }
  });

  it('gives every token, of which last, mean and chosen ones are parts', async () => {
    const layers = [2];
    const all = rowsOf(await batchesOf({ positions: 'all', layers }), 2);
    expect(all.map((rows) => rows.length)).toEqual(tokens);
    const last = rowsOf(await batchesOf({ layers }), 2);
    expect(
      apart(
        last.flat(2),
        all.flatMap((rows) => rows.at(-1) ?? []),
      ),
    ).toBeLessThan(1e-5);
    const chosen = (await batchesOf({ layers, positions: (ids) => [0, ids.length - 1] })) as HiddenBatch[];
    expect(chosen[0]?.positions?.[0]).toEqual([0, (tokens[0] ?? 0) - 1]);
    const ends = all.flatMap((rows) => [rows[0] ?? [], rows.at(-1) ?? []]).flat();
    expect(apart(rowsOf(chosen, 2).flat(2), ends)).toBeLessThan(1e-5);
    const mean = await batchesOf({ layers, positions: 'mean' });
    expect(mean[0]?.positions).toBeUndefined();
    const means = all.flatMap((rows) =>
      rows[0]?.map((_, j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / rows.length),
    );
    expect(apart(rowsOf(mean, 2).flat(2), means as number[])).toBeLessThan(1e-5);
  });

  it('takes means over the tokens of a mask', async () => {
    const first = (ids: Int32Array) => Array.from(ids, (_, at) => (at === 0 ? 1 : 0));
    const masked = rowsOf(await batchesOf({ positions: 'mean', readMask: first, layers: [1] }), 1);
    const chosen = rowsOf(await batchesOf({ positions: () => [0], layers: [1] }), 1);
    expect(apart(masked.flat(2), chosen.flat(2))).toBeLessThan(1e-6);
  });

  it('reads a stream piece by piece', async () => {
    let given = 0;
    async function* stream(): AsyncGenerator<Input> {
      for (let i = 0; i < 5000; i++) {
        given++;
        yield { id: `${i}`, text: 'abc' };
      }
    }
    const reader = readHidden(tinyModel(), { inputs: stream(), positions: 'all' });
    const first = await reader.next();
    expect(first.value.ids.length).toBe(given);
    expect(given).toBeLessThan(200);
    let texts = given;
    for await (const { ids } of reader) texts += ids.length;
    expect(texts).toBe(5000);
  });

  it('refuses layers and positions that are not there', async () => {
    await expect(batchesOf({ layers: [3] })).rejects.toThrow(/from 0 to 2, got 3/);
    await expect(batchesOf({ positions: () => [-1] })).rejects.toThrow(/position.*example "1-0".*got -1/);
  });
});

function apart(a: readonly number[], b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
