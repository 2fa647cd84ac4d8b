import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { batchesOf } from '../../src/models/batching.ts';

const options = { batchSize: 16, maxTokens: 60 };
const lengthsOf = (n: number, seed: number) => {
  const rng = createRng(seed, 'lengths');
  return Array.from({ length: n }, () => rng.integer(1, options.maxTokens));
};

describe('batchesOf', () => {
  it('covers every row exactly once, with room for its tokens, in as few batches as possible', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), fc.boolean(), (n, seed, shuffled) => {
        const lengths = lengthsOf(n, seed);
        const batches = batchesOf(lengths, options, shuffled ? createRng(seed) : undefined);
        const rows = batches.flatMap((batch) => batch.rows).sort((a, b) => a - b);
        expect(rows).toEqual(lengths.map((_, row) => row));
        expect(batches).toHaveLength(Math.ceil(n / options.batchSize));
        expect(batches.filter((batch) => batch.rows.length < options.batchSize).length).toBeLessThanOrEqual(1);
        for (const { bucket, rows: inside } of batches) {
          expect(bucket % 4 === 0 && bucket <= options.maxTokens).toBe(true);
          for (const row of inside) expect(lengths[row]).toBeLessThanOrEqual(bucket);
        }
      }),
    );
  });

  it('keeps rows together, in the bucket of the longest, in as few batches as possible', () => {
    fc.assert(
      fc.property(
        fc.nat(80),
        fc.integer({ min: 1, max: 16 }),
        fc.nat(),
        fc.boolean(),
        (groups, together, seed, shuffled) => {
          const lengths = lengthsOf(groups * together, seed);
          const batches = batchesOf(lengths, { ...options, together }, shuffled ? createRng(seed) : undefined);
          const rows = batches.flatMap((batch) => batch.rows);
          expect(rows.toSorted((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
          expect(batches).toHaveLength(Math.ceil(groups / Math.floor(options.batchSize / together)));
          for (const { bucket, rows: inside } of batches) {
            expect(inside.length).toBeLessThanOrEqual(options.batchSize);
            expect(inside.length % together).toBe(0);
            for (const [i, row] of inside.entries()) {
              expect(lengths[row]).toBeLessThanOrEqual(bucket);
              expect(row).toBe((inside[i - (i % together)] as number) + (i % together));
              expect(row % together).toBe(i % together);
            }
          }
        },
      ),
    );
  });

  it('is the same for the same seed and differs between seeds', () => {
    const lengths = lengthsOf(500, 1);
    const made = (seed: number) => batchesOf(lengths, options, createRng(seed));
    expect(made(3)).toEqual(made(3));
    expect(made(3)).not.toEqual(made(4));
  });

  it('computes little padding', () => {
    const lengths = lengthsOf(5000, 2);
    const padded = batchesOf(lengths, options, createRng(0)).reduce((sum, b) => sum + b.bucket * b.rows.length, 0);
    expect(padded / lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(1.1);
  });
});
