import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/random.ts';
import { decision, fitLogisticRegression } from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { fitSparseLogisticRegression, sparseDecision } from '../../src/solvers/sparse-logistic-regression.ts';
import { type SparseRows, sparseRows } from '../../src/solvers/sparse-rows.ts';

const rows = 200;
const columns = 30;
const rng = createRng(0, 'sparse');
/** Columns differ in size a hundredfold; column 0 is always 3, column 1 never occurs. */
const pairs = Array.from({ length: rows }, () =>
  Array.from({ length: columns }, (_, column) => column)
    .filter((column) => column !== 1 && (column === 0 || rng.chance(0.2)))
    .map((column) => [column, column === 0 ? 3 : (1 + column) * (1 + rng.uniform())] as const),
);
const features = sparseRows(pairs, columns);
const targets = pairs.map((row) => rng.chance(row.some(([column]) => column === 5) ? 0.8 : 0.3));

describe('fitSparseLogisticRegression', () => {
  it.each([1e-4, 1e-2, 1])('agrees with the dense fit at λ = %d', async (l2) => {
    const sparse = await fitSparseLogisticRegression(features, targets, { l2 });
    const dense = await fitLogisticRegression(matrixRows(denseOf(features)), targets, { l2 });
    expect(sparse.converged).toBe(true);
    expect(sparse.loss).toBeCloseTo(dense.loss, 9);
    sparse.weights.forEach((weight, j) => {
      expect(weight).toBeCloseTo(dense.weights[j] as number, 5);
    });
    const scores = decision(denseOf(features), dense);
    sparseDecision(features, sparse).forEach((logit, i) => {
      expect(logit).toBeCloseTo(scores[i] as number, 4);
    });
  });

  it('gives no weight to what is always or never there, and the base rate where there is nothing else', async () => {
    const { weights } = await fitSparseLogisticRegression(features, targets, { l2: 1e-3 });
    expect(weights[0]).toBeCloseTo(0, 9);
    expect(weights[1]).toBe(0);
    const always = sparseRows(
      pairs.map((row) => row.map(([column, value]) => [column, column === 0 ? Math.log(2) : value] as const)),
      columns,
    );
    expect((await fitSparseLogisticRegression(always, targets, { l2: 0 })).weights[0]).toBe(0);
    const empty = sparseRows([[], [], [], []], 0);
    const { bias } = await fitSparseLogisticRegression(empty, [true, false, false, false], { l2: 1 });
    expect(bias).toBeCloseTo(Math.log(1 / 3), 8);
  });

  it.each([
    [
      'one class',
      () =>
        fitSparseLogisticRegression(
          features,
          targets.map(() => true),
          { l2: 1 },
        ),
      /mean of the targets/,
    ],
    ['too few targets', () => fitSparseLogisticRegression(features, [true], { l2: 1 }), /number of targets .* got 1/],
    ['a negative λ', () => fitSparseLogisticRegression(features, targets, { l2: -1 }), /l2 .* got -1/],
  ])('refuses %s', async (_, refused, message) => {
    await expect(refused()).rejects.toThrow(UserError);
    await expect(refused()).rejects.toThrow(message);
  });

  it('refuses to score other columns', () => {
    expect(() => sparseDecision(features, { weights: new Float64Array(3), bias: 0 })).toThrow(
      /the 3 of the fit, got 30/,
    );
  });
});

function denseOf({ rows: n, columns: width, starts, indices, values }: SparseRows) {
  const data = new Float32Array(n * width);
  for (let i = 0; i < n; i++) {
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      data[i * width + (indices[k] as number)] = values[k] as number;
    }
  }
  return { rows: n, columns: width, data };
}
