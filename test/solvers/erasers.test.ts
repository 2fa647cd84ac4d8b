import { describe, expect, it, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { type Eraser, erase } from '../../src/solvers/eraser.ts';
import { fitLeace } from '../../src/solvers/leace.ts';
import { decision, fitLogisticRegression } from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { fitOracleLeace, oracleErase } from '../../src/solvers/oracle-leace.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { readGolden } from '../stats/golden.ts';
import { distance, randomRows } from './rows.ts';

interface Listed {
  readonly rows: number;
  readonly columns: number;
  readonly data: number[];
}

interface Golden {
  readonly problems: readonly {
    readonly name: string;
    readonly features: Listed;
    readonly concept: Listed;
    readonly expected: Record<'shrunk' | 'empirical' | 'orth', { projection: number[]; erased: number[] }> & {
      readonly oracle: { erased: number[] };
    };
  }[];
}

const golden = readGolden<Golden>('concept-erasure');
const matrix = ({ rows, columns, data }: Listed): Matrix => ({ rows, columns, data: Float32Array.from(data) });

describe.each(golden.problems)('concept-erasure: $name', (problem) => {
  const [features, concept] = [matrix(problem.features), matrix(problem.concept)];
  const source = matrixRows(features);

  test.each([
    ['shrunk', {}],
    ['empirical', { shrinkage: false }],
    ['orth', { method: 'orth' }],
  ] as const)('%s', async (kind, options) => {
    const eraser = await fitLeace(source, concept, options);
    const wanted = problem.expected[kind];
    expect(distance(projectionOf(eraser), wanted.projection)).toBeLessThan(1e-8);
    expect(distance(erase(features, eraser).data.subarray(0, wanted.erased.length), wanted.erased)).toBeLessThan(1e-6);
  });

  test('oracle', async () => {
    const erased = oracleErase(features, concept, await fitOracleLeace(source, concept));
    const wanted = problem.expected.oracle.erased;
    expect(distance(erased.data.subarray(0, wanted.length), wanted)).toBeLessThan(1e-6);
  });
});

test('golden values name the versions that made them', () => {
  expect(golden.madeWith['concept-erasure']).toMatch(/^\d+\.\d+/);
});

/** Correlated rows, of which a class shifts three columns by its label. */
function planted(seed: number, rows: number, columns: number): { features: Matrix; labels: boolean[] } {
  const features = randomRows(seed, rows, columns, 2);
  const rng = createRng(seed, 'planted-concept');
  const labels = Array.from({ length: rows }, () => rng.chance(0.4));
  labels.forEach((label, i) => {
    for (let j = 0; j < 3; j++) (features.data[i * columns + 2 * j] as number) += label ? 1.5 : 0;
  });
  return { features, labels };
}

describe('LEACE on a planted concept', () => {
  const { features, labels } = planted(1, 4000, 24);
  const source = matrixRows(features);
  const fitted = fitLeace(source, labels);

  it('leaves a fresh logistic regression nothing, out of sample', async () => {
    const [known, train, test] = [planted(2, 40_000, 10), planted(3, 20_000, 10), planted(4, 10_000, 10)];
    const eraser = await fitLeace(matrixRows(known.features), known.labels);
    const found = async (change: (features: Matrix) => Matrix) => {
      const probe = await fitLogisticRegression(matrixRows(change(train.features)), train.labels, { l2: 1e-4 });
      return aurocOf(decision(change(test.features), probe), test.labels);
    };
    expect(await found((features) => features)).toBeGreaterThan(0.7);
    expect(Math.abs((await found((features) => erase(features, eraser))) - 0.5)).toBeLessThan(0.02);
  });

  it('leaves a logistic regression no weight on the rows of the fit', async () => {
    const { weights } = await fitLogisticRegression(matrixRows(erase(features, await fitted)), labels, { l2: 1e-3 });
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(1e-4);
  });

  it('makes the class means coincide on the rows of the fit', async () => {
    const eraser = await fitted;
    const [positive, negative] = [true, false].map((side) => meanOf(features, labels, side)) as [
      Float64Array,
      Float64Array,
    ];
    const difference = applyProjection(
      eraser,
      positive.map((value, j) => value - (negative[j] as number)),
    );
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-9);
  });

  it('changes less than the orthogonal projection, which is that on the difference of means', async () => {
    const empirical = await fitLeace(source, labels, { shrinkage: false });
    const orth = await fitLeace(source, labels, { method: 'orth' });
    const change = (eraser: Eraser) => meanSquaredChange(features, erase(features, eraser));
    expect(change(empirical)).toBeLessThan(0.9 * change(orth));
    const u = applyProjection({ ...orth, rank: 0 }, meanOf(features, labels, true)).map(
      (value, j) => value - (meanOf(features, labels, false)[j] as number),
    );
    const length = Math.hypot(...u);
    const wanted = Float64Array.from({ length: 24 * 24 }, (_, k) => {
      const [i, j] = [Math.floor(k / 24), k % 24];
      return Number(i === j) - ((u[i] as number) * (u[j] as number)) / length ** 2;
    });
    expect(distance(projectionOf(orth), wanted)).toBeLessThan(1e-9);
  });

  it('is idempotent, keeps the mean and never adds variance', async () => {
    const eraser = await fitted;
    const p = projectionOf(eraser);
    expect(distance(product(p, p, 24), p)).toBeLessThan(1e-9);
    const once = erase(features, eraser);
    expect(distance(erase(once, eraser).data, once.data)).toBeLessThan(1e-6);
    expect(distance(meanOf(once), meanOf(features))).toBeLessThan(1e-6);
    expect(varianceOf(once)).toBeLessThan(varianceOf(features));
  });

  it('leaves a trace that is fainter than the tolerance', async () => {
    expect((await fitLeace(source, labels, { tolerance: 0.5 })).rank).toBe(0);
    expect((await fitLeace(source, labels)).rank).toBe(1);
  });

  it('takes one direction less than there are classes', async () => {
    const classes = labels.map((label, i) => (label ? 1 : i % 2 === 0 ? 2 : 0));
    const data = Float32Array.from(classes.flatMap((own) => [0, 1, 2].map((k) => Number(own === k))));
    expect((await fitLeace(source, { rows: 4000, columns: 3, data }, { tolerance: 0 })).rank).toBe(2);
  });

  it('is quick where there are many rows', { timeout: 20_000 }, async () => {
    const { features, labels } = planted(6, 30_000, 96);
    const eraser = await fitLeace(matrixRows(features), labels);
    const gap = meanOf(erase(features, eraser), labels, true).map(
      (value, j) => value - (meanOf(erase(features, eraser), labels, false)[j] as number),
    );
    expect(Math.max(...gap.map(Math.abs))).toBeLessThan(1e-6);
  });
});

describe('oracle LEACE', () => {
  it('makes the class means coincide with less change than LEACE', async () => {
    const { features, labels } = planted(4, 3000, 12);
    const source = matrixRows(features);
    const erased = oracleErase(features, labels, await fitOracleLeace(source, labels));
    expect(distance(meanOf(erased, labels, true), meanOf(erased, labels, false))).toBeLessThan(1e-6);
    const leace = erase(features, await fitLeace(source, labels, { shrinkage: false }));
    expect(meanSquaredChange(features, erased)).toBeLessThan(0.9 * meanSquaredChange(features, leace));
  });
});

describe('degenerate concepts and rows', () => {
  const { features, labels } = planted(5, 10, 30);
  const source = matrixRows(features);

  it('erases with fewer rows than columns, and with constant columns', async () => {
    const constant = { ...features, data: features.data.map((value, k) => (k % 30 === 3 ? 7 : value)) };
    for (const shrinkage of [true, false]) {
      const eraser = await fitLeace(matrixRows(constant), labels, { shrinkage });
      const erased = erase(constant, eraser);
      expect(distance(meanOf(erased, labels, true), meanOf(erased, labels, false))).toBeLessThan(1e-5);
      expect(erased.data.filter((_, k) => k % 30 === 3).every((value) => Math.abs(value - 7) < 1e-4)).toBe(true);
    }
  });

  it.each([
    ['a single class', labels.map(() => true), /concept to be different in some rows, got "the same in all"/],
    ['too few labels', labels.slice(1), /rows of the concept to be the 10 of the features, got 9/],
    ['a label that is no number', labels.map(() => Number.NaN), /concept\[0\] to be a finite number, got "NaN"/],
  ])('refuses %s', async (_, concept, message) => {
    await expect(fitLeace(source, concept)).rejects.toThrow(UserError);
    await expect(fitLeace(source, concept)).rejects.toThrow(message);
    await expect(fitOracleLeace(source, concept)).rejects.toThrow(message);
  });

  it('refuses a single row, rows that are not finite, another width and a negative tolerance', async () => {
    const one = matrixRows({ rows: 1, columns: 2, data: new Float32Array(2) });
    await expect(fitLeace(one, [true])).rejects.toThrow(/number of rows to be at least 2, got 1/);
    const broken = { ...features, data: features.data.map((value, k) => (k === 31 ? Number.NaN : value)) };
    await expect(fitLeace(matrixRows(broken), labels)).rejects.toThrow(/features\[31\] \(row 1, column 1\)/);
    await expect(fitLeace(source, labels, { tolerance: -1 })).rejects.toThrow(/tolerance to be at least 0/);
    const eraser = await fitLeace(source, labels);
    const narrow = { rows: 1, columns: 4, data: new Float32Array(4) };
    expect(() => erase(narrow, eraser)).toThrow(
      /feature columns to be "?the 30 of the fit"?, got 4\. Use the same layer/,
    );
    const oracle = await fitOracleLeace(source, labels);
    expect(() => oracleErase(narrow, [true], oracle)).toThrow(/the 30 of the fit/);
    expect(() => oracleErase(features, [true], oracle)).toThrow(/values of the concept to be 10 × 1, got 1/);
  });
});

function aurocOf(scores: Float64Array, labels: readonly boolean[]): number {
  const estimate = auroc(scores, labels);
  return 'value' in estimate ? estimate.value : Number.NaN;
}

/** P = I − left · right, (columns × columns). */
function projectionOf({ mean: { length }, left, right, rank }: Eraser): Float64Array {
  return Float64Array.from({ length: length * length }, (_, cell) => {
    const [i, j] = [Math.floor(cell / length), cell % length];
    let value = Number(i === j);
    for (let k = 0; k < rank; k++) value -= (left[k * length + i] as number) * (right[k * length + j] as number);
    return value;
  });
}

function applyProjection(eraser: Eraser, x: Float64Array): Float64Array {
  const p = projectionOf(eraser);
  return x.map((_, i) => x.reduce((sum, value, j) => sum + (p[i * x.length + j] as number) * value, 0));
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return a.map((_, cell) => {
    const [i, j] = [Math.floor(cell / size), cell % size];
    let sum = 0;
    for (let k = 0; k < size; k++) sum += (a[i * size + k] as number) * (b[k * size + j] as number);
    return sum;
  });
}

function meanOf({ columns, data }: Matrix, labels?: readonly boolean[], side = true): Float64Array {
  const sum = new Float64Array(columns);
  let count = 0;
  for (let i = 0; i * columns < data.length; i++) {
    if (labels && labels[i] !== side) continue;
    count++;
    for (let j = 0; j < columns; j++) (sum[j] as number) += data[i * columns + j] as number;
  }
  return sum.map((value) => value / count);
}

function varianceOf(matrix: Matrix): number {
  const mean = meanOf(matrix);
  return matrix.data.reduce((sum, value, k) => sum + (value - (mean[k % matrix.columns] as number)) ** 2, 0);
}

function meanSquaredChange(before: Matrix, after: Matrix): number {
  return before.data.reduce((sum, value, k) => sum + (value - (after.data[k] as number)) ** 2, 0) / before.rows;
}
