import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { erase } from '../../src/solvers/eraser.ts';
import { fitInlp } from '../../src/solvers/inlp.ts';
import { fitLda } from '../../src/solvers/lda.ts';
import { fitLogisticRegression } from '../../src/solvers/logistic-regression.ts';
import { fitMassMean } from '../../src/solvers/mass-mean.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { randomRows, sharded } from './rows.ts';

function planted(seed: number, rows: number, columns: number, shifted = 3): { features: Matrix; labels: boolean[] } {
  const features = randomRows(seed, rows, columns, 4);
  const rng = createRng(seed, 'planted-classes');
  const labels = Array.from({ length: rows }, (_, i) => i === 0 || (i > 1 && rng.chance(0.3)));
  labels.forEach((label, i) => {
    for (let j = 0; j < shifted; j++) (features.data[i * columns + j] as number) += label ? 2 : 0;
  });
  return { features, labels };
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, j) => sum + value * (y[j] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('mass-mean', () => {
  it('is Fisher’s discriminant when whitened', async () => {
    const { features, labels } = planted(1, 600, 12);
    const source = matrixRows(features);
    const lda = await fitLda(source, labels.map(Number));
    const { weights } = await fitMassMean(source, labels);
    expect(cosine(weights, lda.weights)).toBeGreaterThan(1 - 1e-9);
    const raw = await fitMassMean(source, labels, { whiten: false });
    expect(cosine(raw.weights, lda.weights)).toBeLessThan(0.99);
  });

  it('is the difference of means when not, and 0 at the mean', async () => {
    const data = Float32Array.of(1, 2, 3, 6, -1, 0, 0, -1);
    const { weights, bias } = await fitMassMean(matrixRows({ rows: 4, columns: 2, data }), [1, 1, 0, 0], {
      whiten: false,
    });
    expect([...weights]).toEqual([2.5, 4.5]);
    expect(bias).toBeCloseTo(-(2.5 * 0.75 + 4.5 * 1.75), 12);
  });

  it('leaves directions out that hardly vary, and does with fewer rows than columns', async () => {
    const { features, labels } = planted(2, 40, 3);
    const data = features.data.map((value, k) => (k % 3 === 1 ? Number(labels[(k - 1) / 3]) + 0.001 * (k % 2) : value));
    const { weights } = await fitMassMean(matrixRows({ ...features, data }), labels);
    expect(Math.abs(weights[1] as number)).toBeLessThan(1e-3);
    const all = await fitMassMean(matrixRows({ ...features, data }), labels, { cutoff: 0 });
    expect(all.weights[1]).toBeGreaterThan(100);
    const few = planted(3, 8, 20);
    expect((await fitMassMean(matrixRows(few.features), few.labels)).weights.every(Number.isFinite)).toBe(true);
  });

  it('does not depend on how rows are cut', async () => {
    const { features, labels } = planted(4, 500, 7);
    const whole = await fitMassMean(matrixRows(features), labels);
    const cut = await fitMassMean(sharded(features, [3, 101]), labels);
    expect(cosine(whole.weights, cut.weights)).toBeGreaterThan(1 - 1e-12);
  });

  it('refuses a single class and labels of another number', async () => {
    const { features, labels } = planted(5, 20, 3);
    const source = matrixRows(features);
    await expect(fitMassMean(source, new Array(20).fill(false))).rejects.toThrow(/different in some rows/);
    await expect(fitMassMean(source, labels.slice(3))).rejects.toThrow(/the 20 of the features, got 17/);
  });
});

describe('INLP', () => {
  it('stops once a regression finds nothing, and leaves none', async () => {
    const { features, labels } = planted(6, 4000, 10);
    const eraser = await fitInlp(features, labels);
    expect(eraser.rank).toBeGreaterThan(0);
    expect(eraser.rank).toBeLessThan(10);
    const share = labels.filter(Boolean).length / labels.length;
    const entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    const { loss } = await fitLogisticRegression(matrixRows(erase(features, eraser)), labels, {
      l2: 1e-3,
      standardize: true,
    });
    expect(loss).toBeGreaterThanOrEqual(0.99 * entropy);
  });

  it('projects orthogonally on orthonormal directions', async () => {
    const { features, labels } = planted(7, 1500, 8, 5);
    const { left, right, rank } = await fitInlp(features, labels, { tolerance: 1e-4 });
    expect(left).toEqual(right);
    for (let a = 0; a < rank; a++) {
      for (let b = 0; b <= a; b++) {
        const [u, v] = [left.subarray(8 * a, 8 * a + 8), left.subarray(8 * b, 8 * b + 8)];
        const dot = u.reduce((sum, value, j) => sum + value * (v[j] as number), 0);
        expect(Math.abs(dot - Number(a === b))).toBeLessThan(1e-9);
      }
    }
  });

  it('takes as many directions as it may, finds none in noise, and can be ended', async () => {
    const { features, labels } = planted(8, 1500, 8);
    expect((await fitInlp(features, labels, { mostDirections: 1 })).rank).toBe(1);
    expect((await fitInlp(randomRows(9, 1500, 8), labels)).rank).toBe(0);
    const ended = fitInlp(features, labels, {
      onDirection: (directions) => {
        throw new Error(`ended at ${directions}`);
      },
    });
    await expect(ended).rejects.toThrow('ended at 1');
  });

  it('removes every column where nothing else will do', async () => {
    const data = Float32Array.from({ length: 40 }, (_, k) => (k < 20 ? -1 : 1) * (k % 2 === 0 ? 1 : 2));
    const labels = Array.from({ length: 20 }, (_, i) => i >= 10);
    const eraser = await fitInlp({ rows: 20, columns: 2, data }, labels);
    expect(eraser.rank).toBe(2);
  });

  it('refuses a single class', async () => {
    const { features } = planted(10, 30, 3);
    await expect(fitInlp(features, new Array(30).fill(true))).rejects.toThrow(/different in some rows/);
  });
});
