import { describe, expect, it, test } from 'vitest';
import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { largestIndices } from '../../src/solvers/largest-indices.ts';
import { createNeighbourIndex } from '../../src/solvers/nearest-neighbours.ts';
import { readGolden } from '../stats/golden.ts';

interface Listed {
  readonly rows: number;
  readonly columns: number;
  readonly data: readonly number[];
}

interface Golden {
  readonly nearest: readonly {
    readonly name: string;
    readonly references: Listed;
    readonly queries: Listed;
    readonly k: number;
    readonly distances: readonly number[];
    readonly indices: readonly number[];
    readonly otherDistances: readonly number[];
    readonly otherIndices: readonly number[];
  }[];
}

test.each(readGolden<Golden>('anomaly-detectors').nearest)('scikit-learn neighbours: $name', async (golden) => {
  const { k } = golden;
  const index = createNeighbourIndex(matrixOf(golden.references));
  const found = await index.query(matrixOf(golden.queries), k);
  expect([...found.indices]).toEqual(golden.indices);
  expect(largestGap(found.distances, golden.distances)).toBeLessThan(1e-9);
  const others = await index.queryOthers(k);
  expect([...others.indices]).toEqual(golden.otherIndices);
  expect(largestGap(others.distances, golden.otherDistances)).toBeLessThan(1e-9);
});

test.each([
  { values: [3, 1, 4, 1, 5], k: 3, wanted: [4, 2, 0] },
  { values: [2, 2, 1, 2], k: 2, wanted: [0, 1] },
  { values: [0, Number.NEGATIVE_INFINITY, -1], k: 2, wanted: [0, 2] },
  { values: [1, 2], k: 5, wanted: [1, 0] },
])('the $k largest of $values', ({ values, k, wanted }) => {
  expect(largestIndices(Float64Array.from(values), k)).toEqual(wanted);
});

describe('neighbours', () => {
  const line = { rows: 5, columns: 1, data: Float32Array.of(0, 1, 3, 7, 7) };

  it('are nearest first, the earlier first among equals, and 0 apart where equal', async () => {
    const { indices, distances } = await createNeighbourIndex(line).query(row(7), 4);
    expect([...indices]).toEqual([3, 4, 2, 1]);
    expect([...distances]).toEqual([0, 0, 4, 6]);
  });

  it('of a reference are others, its double among them', async () => {
    const { indices } = await createNeighbourIndex(line).queryOthers(1);
    expect([...indices]).toEqual([1, 0, 1, 4, 3]);
  });

  it('agree with a plain search over several blocks', async () => {
    const [references, queries] = [random(3000, 1), random(1500, 2)];
    const { indices } = await createNeighbourIndex(references).query(queries, 3);
    for (let query = 0; query < queries.rows; query += 97) {
      expect([...indices.subarray(3 * query, 3 * query + 3)]).toEqual(plainSearch(references, queries, query, 3));
    }
  });

  it.each([0, 6, 1.5])('refuse to be %s of five references', async (k) => {
    await expect(createNeighbourIndex(line).query(row(1), k)).rejects.toThrow(
      `Expected the number of neighbours to be a whole number from 1 to 5, got ${k}. Ask for fewer`,
    );
  });

  it('of each reference among the others are at most all others', async () => {
    await expect(createNeighbourIndex(line).queryOthers(5)).rejects.toThrow('a whole number from 1 to 4, got 5');
  });

  it('refuse queries with another number of columns', async () => {
    await expect(createNeighbourIndex(line).query(row(1, 2), 1)).rejects.toThrow(
      'Expected columns of the queries to be the references’ 1, got 2.',
    );
  });

  it('stop when asked', async () => {
    const index = createNeighbourIndex(line, { signal: AbortSignal.abort(new Error('stopped')) });
    await expect(index.query(row(1), 1)).rejects.toThrow('stopped');
  });
});

function row(...values: number[]): Matrix {
  return { rows: 1, columns: values.length, data: Float32Array.from(values) };
}

function random(rows: number, seed: number): Matrix {
  const rng = createRng(seed, 'neighbours');
  return { rows, columns: 6, data: Float32Array.from({ length: rows * 6 }, () => rng.normal()) };
}

function plainSearch(references: Matrix, queries: Matrix, query: number, k: number): number[] {
  const part = ({ columns, data }: Matrix, at: number) => [...data.subarray(at * columns, (at + 1) * columns)];
  const q = part(queries, query);
  const distance = (at: number) => Math.hypot(...part(references, at).map((x, j) => x - (q[j] as number)));
  const order = [...Array(references.rows).keys()].map((at) => ({ at, distance: distance(at) }));
  order.sort((a, b) => a.distance - b.distance);
  return order.slice(0, k).map(({ at }) => at);
}

function matrixOf({ rows, columns, data }: Listed): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
}
