import { describe, expect, it } from 'vitest';
import { classRows } from '../../src/solvers/class-rows.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { computeMoments, mergeMoments } from '../../src/solvers/moments.ts';
import { rowBlocks } from '../../src/solvers/row-blocks.ts';
import type { RowSource } from '../../src/solvers/row-source.ts';
import { distance, randomRows, sharded, slowMoments } from './rows.ts';

describe('rowBlocks', () => {
  it('gives the same rows however they are cut', async () => {
    const matrix = randomRows(0, 103, 3);
    for (const sizes of [[103], [1], [7, 20, 1], [50, 3], [64]]) {
      for (const size of [1, 10, 64, 200]) {
        const starts: number[] = [];
        const data: number[] = [];
        for await (const block of rowBlocks(sharded(matrix, sizes), size)) {
          starts.push(block.start);
          expect(block.data).toHaveLength(block.rows * 3);
          data.push(...block.data);
        }
        expect(data).toEqual([...matrix.data]);
        expect(starts).toEqual(starts.map((_, k) => k * size));
      }
    }
  });
  it('refuses a source that holds other than it declares', async () => {
    const all = async (source: RowSource) => {
      for await (const _ of rowBlocks(source, 4));
    };
    const source = matrixRows(randomRows(0, 10, 2));
    await expect(all({ ...source, rows: 11 })).rejects.toThrow(/the 11 declared, got 10/);
    await expect(all({ ...source, rows: 9 })).rejects.toThrow(/the 9 declared, got "more than 9"/);
    expect(() => matrixRows({ rows: 2, columns: 2, data: new Float32Array(3) })).toThrow(/2 × 2 numbers long, got 3/);
  });
});

describe('computeMoments', () => {
  it.each([
    ['one row', 1, 4, 0],
    ['one column', 30, 1, 0],
    ['few rows', 57, 9, 0],
    ['far from 0', 300, 5, 1e4],
    ['in float32', 9000, 130, 0],
    ['in float32, far from 0', 9000, 130, 500],
  ])('is right for %s', async (_, rows, columns, shift) => {
    const matrix = randomRows(1, rows, columns, shift);
    const slow = slowMoments(matrix);
    const fast = await computeMoments(sharded(matrix, [1000, 17]));
    expect(fast.rows).toBe(rows);
    const deviation = Math.sqrt((slow.scatter[0] as number) / rows);
    fast.mean.forEach((value, j) => {
      expect(Math.abs(value - (slow.mean[j] as number))).toBeLessThanOrEqual(1e-6 * deviation);
    });
    if (rows > 1) expect(distance(fast.scatter, slow.scatter)).toBeLessThan(1e-6);
    else expect(fast.scatter).toEqual(slow.scatter);
  });
  it('keeps its digits when the mean drifts from shard to shard', async () => {
    const matrix = randomRows(2, 12000, 128);
    const drifting = { ...matrix, data: matrix.data.map((x, k) => x + Math.floor(k / 128 / 3000) * 300) };
    const fast = await computeMoments(sharded(drifting, [3000]));
    expect(distance(fast.scatter, slowMoments(drifting).scatter)).toBeLessThan(3e-6);
  });
  it('is the same at 1 and 2 threads', async () => {
    const source = matrixRows(randomRows(3, 9000, 130));
    expect(await computeMoments(source, { threads: 2 })).toEqual(await computeMoments(source));
  });
  it('merges by Chan’s update', async () => {
    const matrix = randomRows(4, 40, 6, 100);
    const labels = Array.from({ length: 40 }, (_, i) => ((i * i) % 3 === 0 ? 1 : 0));
    const parts = await Promise.all([0, 1].map((k) => computeMoments(classRows(matrixRows(matrix), labels, k))));
    const merged = mergeMoments(parts[0] as (typeof parts)[number], parts[1] as (typeof parts)[number]);
    const whole = slowMoments(matrix);
    expect(merged.rows).toBe(40);
    expect(distance(merged.mean, whole.mean)).toBeLessThan(1e-12);
    expect(distance(merged.scatter, whole.scatter)).toBeLessThan(1e-9);
  });
  it('names the first value that is not finite, and refuses nothing at all', async () => {
    const matrix = randomRows(5, 20, 3);
    matrix.data[3 * 7 + 2] = Number.POSITIVE_INFINITY;
    await expect(computeMoments(matrixRows(matrix))).rejects.toThrow(/\(row 7, column 2\).*got "Infinity"/);
    const none = { rows: 0, columns: 3, data: new Float32Array(0) };
    await expect(computeMoments(matrixRows(none))).rejects.toThrow(/at least 1 each, got "0 × 3"/);
  });
});

describe('classRows', () => {
  it('picks the rows of a class in order', async () => {
    const matrix = randomRows(6, 9000, 2);
    const labels = Uint8Array.from({ length: 9000 }, (_, i) => (i % 5 === 0 ? 0 : 1));
    const picked = classRows(sharded(matrix, [777]), labels, 1);
    const data: number[] = [];
    for await (const chunk of picked.chunks()) data.push(...chunk);
    expect(picked.rows).toBe(7200);
    expect(data).toEqual([...matrix.data.filter((_, k) => Math.floor(k / 2) % 5 !== 0)]);
  });
});
