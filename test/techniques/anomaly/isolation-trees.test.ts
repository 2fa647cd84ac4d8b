import { describe, expect, it, test } from 'vitest';
import type { Matrix } from '../../../src/core/models.ts';
import { createRng } from '../../../src/core/random.ts';
import {
  averagePathLength,
  fitIsolationForest,
  type IsolationTree,
  pathLength,
} from '../../../src/techniques/shared/isolation-trees.ts';
import { readGolden } from '../../stats/golden.ts';
import { type Listed, matrixOf } from './golden-rows.ts';

interface Golden {
  readonly averagePathLengths: Readonly<Record<string, number>>;
  readonly isolation: readonly {
    readonly name: string;
    readonly references: Listed;
    readonly queries: Listed;
    readonly subsample: number;
    readonly scores: readonly number[];
  }[];
}

const golden = readGolden<Golden>('anomaly-detectors');

test.each(Object.entries(golden.averagePathLengths))('c(%s) is scikit-learn’s', (n, wanted) => {
  expect(averagePathLength(Number(n))).toBeCloseTo(wanted, 12);
});

test.each(golden.isolation)('isolation scores agree with scikit-learn’s: $name', ({ references, queries, ...rest }) => {
  const forest = fitIsolationForest(matrixOf(references), { trees: 2000, subsample: rest.subsample }, createRng(1));
  const anomalies = forest(matrixOf(queries));
  // Both are means over 2,000 trees; their difference has a standard error of about 0.0015.
  rest.scores.forEach((score, row) => {
    expect(Math.abs((anomalies[row] as number) + score)).toBeLessThan(0.008);
  });
});

describe('path lengths', () => {
  const tree: IsolationTree = {
    column: 1,
    threshold: 0.5,
    left: { rows: 1 },
    right: { column: 0, threshold: -1, left: { rows: 2 }, right: { rows: 5 } },
  };

  it('count the cuts, and c(rows) for what was not grown below a leaf', () => {
    expect(pathLength(tree, [7, 0.5])).toBe(1);
    expect(pathLength(tree, [-1, 0.6])).toBe(2 + 1);
    expect(pathLength(tree, [0, 0.6])).toBeCloseTo(2 + 2 * (Math.log(4) + 0.5772156649) - 8 / 5, 9);
  });
});

describe('isolation forests', () => {
  it('give two rows 1/2 each, whatever the cuts', () => {
    const forest = fitIsolationForest(column([-3, 8]), { trees: 5, subsample: 256 }, createRng(0));
    expect([...forest(column([-3, 8]))]).toEqual([0.5, 0.5]);
  });

  it('isolate the outer ones of three points at the first cut with the probability of the gap beside them', () => {
    // Points 0, 1, 4: a first cut between 0 and 1 has probability 1/4; the middle point always takes two.
    const forest = fitIsolationForest(column([0, 1, 4]), { trees: 20_000, subsample: 3 }, createRng(0));
    const lengths = [...forest(column([0, 1, 4]))].map((anomaly) => -Math.log2(anomaly) * averagePathLength(3));
    expect(Math.abs((lengths[0] as number) - (2 - 1 / 4))).toBeLessThan(0.015);
    expect(lengths[1]).toBeCloseTo(2, 9);
    expect(Math.abs((lengths[2] as number) - (2 - 3 / 4))).toBeLessThan(0.015);
  });

  it('end where rows are equal, and never cut a column that does not vary', () => {
    const same = fitIsolationForest(column([2, 2, 2, 2]), { trees: 3, subsample: 4 }, createRng(0));
    expect(same(column([2, 9]))[0]).toBeCloseTo(0.5, 12);
    const rows = { rows: 4, columns: 2, data: Float32Array.of(5, 0, 5, 1, 5, 2, 5, 3) };
    const scored = { rows: 2, columns: 2, data: Float32Array.of(5, 1, -100, 1) };
    const [usual, odd] = fitIsolationForest(rows, { trees: 50, subsample: 4 }, createRng(0))(scored);
    expect(odd).toBe(usual);
  });

  it('say 1/2 of everything when there is one reference', () => {
    expect([...fitIsolationForest(column([1]), { trees: 3, subsample: 256 }, createRng(0))(column([1, 99]))]).toEqual([
      0.5, 0.5,
    ]);
  });
});

function column(values: readonly number[]): Matrix {
  return { rows: values.length, columns: 1, data: Float32Array.from(values) };
}
