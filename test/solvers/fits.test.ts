import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { fitLda } from '../../src/solvers/lda.ts';
import { applyLinearMap } from '../../src/solvers/linear-map.ts';
import { decision, fitLogisticRegression, fitMultinomialRegression } from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { fitPca } from '../../src/solvers/pca.ts';
import { fitShrunkCovariance } from '../../src/solvers/shrinkage-covariance.ts';
import { fitWhitening } from '../../src/solvers/whitening.ts';
import { distance, randomRows, sharded, slowMoments } from './rows.ts';

function labelled(seed: number, rows: number, columns: number, shift = 0): { matrix: Matrix; labels: number[] } {
  const matrix = randomRows(seed, rows, columns, shift);
  const rng = createRng(seed, 'labels');
  const labels = Array.from({ length: rows }, (_, i) =>
    rng.chance(1 / (1 + Math.exp(shift - (matrix.data[i * columns] as number)))) ? 1 : 0,
  );
  return { matrix, labels };
}

describe('every fit', () => {
  it('is the same over shards as in memory', async () => {
    const { matrix, labels } = labelled(10, 500, 12, 3);
    const sources = [matrixRows(matrix), sharded(matrix, [30, 7, 200])] as const;
    const both = async (train: (source: (typeof sources)[number]) => Promise<unknown>) =>
      expect(await train(sources[1])).toEqual(await train(sources[0]));
    await both((source) => fitPca(source, { components: 4 }));
    await both((source) => fitWhitening(source));
    await both((source) => fitShrunkCovariance(source, { shrinkage: 'ledoit-wolf' }));
    await both((source) => fitLda(source, labels, { shrinkage: 'ledoit-wolf' }));
    await both((source) => fitLogisticRegression(source, labels, { l2: 0.01, standardize: true }));
    await both((source) => fitMultinomialRegression(source, labels, { l2: 0.01 }));
  });
});

describe('logistic regression', () => {
  it.each([
    ['near 0', 0],
    ['far from 0', 400],
  ])('in the engine’s float32 sits at the optimum of its definition, %s', async (_, shift) => {
    const { matrix, labels } = labelled(11, 16000, 130, shift);
    const l2 = 1e-3;
    const large = await fitLogisticRegression(sharded(matrix, [1024]), labels, { l2, threads: 2 });
    expect(large.converged).toBe(true);
    const loss = objective(matrix, labels, large.weights, large.bias, l2);
    expect(loss).toBeCloseTo(large.loss, 7);
    // The gradient of the exact objective bounds what is left: gap ≤ ‖g‖²/(4λ) for a 2λ-strongly convex function.
    const { data, rows, columns } = matrix;
    const residuals = decision(matrix, large).map((z, i) => 1 / (1 + Math.exp(-z)) - (labels[i] as number));
    const gradient = large.weights.map((w, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += (residuals[i] as number) * ((data[i * columns + j] as number) - shift);
      return sum / rows + 2 * l2 * w;
    });
    expect(gradient.reduce((sum, g) => sum + g * g, 0) / (4 * l2)).toBeLessThan(1e-6 * loss);
  });
  it('agrees with its multinomial form on two classes, whose outputs are ± half', async () => {
    const { matrix, labels } = labelled(12, 200, 4);
    const binary = await fitLogisticRegression(matrixRows(matrix), labels, { l2: 0.01 });
    const softmax = await fitMultinomialRegression(matrixRows(matrix), labels, { l2: 0.02 });
    expect(softmax.loss).toBeCloseTo(binary.loss, 10);
    expect(
      distance(
        softmax.weights.subarray(4).map((w) => 2 * w),
        binary.weights,
      ),
    ).toBeLessThan(1e-4);
  });
  it('needs every class, with weight', async () => {
    const source = matrixRows(randomRows(13, 6, 2));
    const regress = (classes: number[], weights?: number[]) =>
      fitMultinomialRegression(source, classes, { l2: 0.1, ...(weights && { weights }) });
    await expect(regress([0, 0, 0, 0, 0, 0])).rejects.toThrow(/two or more, each with examples of positive weight/);
    await expect(regress([0, 2, 0, 2, 0, 2])).rejects.toThrow(/without gaps/);
    await expect(regress([0, 1, 0, 1, 0, 2], [1, 1, 1, 1, 1, 0])).rejects.toThrow(/positive weight/);
    await expect(regress([0, 1, 0.5, 1, 0, 1])).rejects.toThrow(/classes\[2\]/);
    await expect(regress([0, 1])).rejects.toThrow(/the 6 rows of features, got 2/);
  });
});

describe('LDA', () => {
  it('is Fisher’s discriminant on two classes', async () => {
    const matrix = { rows: 6, columns: 2, data: Float32Array.of(0, 0, 1, 2, 2, 1, 4, 4, 5, 6, 6, 5) };
    const { weights, biases, means } = await fitLda(matrixRows(matrix), [0, 0, 0, 1, 1, 1]);
    // Within-class covariance [2/3 1/3; 1/3 2/3] and difference of means (4, 4).
    expect([...weights]).toEqual([expect.closeTo(4, 9), expect.closeTo(4, 9)]);
    expect(biases[0]).toBeCloseTo(-24, 9);
    expect([...means]).toEqual([1, 1, 5, 5]);
  });
  it('says what is wrong with its input', async () => {
    const source = matrixRows(randomRows(14, 4, 2));
    await expect(fitLda(source, [0, 0, 0, 0])).rejects.toThrow(/at least 2, got 1/);
    await expect(fitLda(source, [1, 2, 1, 2])).rejects.toThrow(/whole numbers from 0/);
    await expect(fitLda(source, [0, 1])).rejects.toThrow(/the 4 rows, got 2/);
    await expect(fitLda(source, [0, 1, 0, 1], { shrinkage: 2 })).rejects.toThrow(/in \[0, 1\], got "2"/);
    await expect(fitLda(source, [0, 1, 0, 1], { priors: [1, 1] })).rejects.toThrow(/sum to 1/);
  });
});

describe('PCA and whitening', () => {
  it('leave the identity as covariance', async () => {
    const matrix = randomRows(15, 300, 6, 20);
    for (const kind of ['zca', 'pca'] as const) {
      const fitted = await fitWhitening(sharded(matrix, [100]), { kind });
      const { scatter } = slowMoments(await applyLinearMap(matrixRows(matrix), fitted));
      expect(fitted.rank).toBe(6);
      scatter.forEach((value, k) => {
        expect(value / 299).toBeCloseTo(k % 7 === 0 ? 1 : 0, 4);
      });
      if (kind === 'zca') expect(fitted.map[1]).toBeCloseTo(fitted.map[6] as number, 10);
    }
  });
  it('drop directions without variance', async () => {
    const twice = { rows: 4, columns: 3, data: Float32Array.of(1, 1, 7, 2, 2, 7, 4, 4, 7, 3, 3, 7) };
    const { rank, map } = await fitWhitening(matrixRows(twice), { kind: 'pca' });
    expect(rank).toBe(1);
    expect(map).toHaveLength(3);
    const { variances, shares } = await fitPca(matrixRows(twice), { components: 2 });
    expect([...shares]).toEqual([expect.closeTo(1, 9), expect.closeTo(0, 9)]);
    expect(variances[0]).toBeCloseTo(10 / 3, 6);
  });
  it('say that nothing varies', async () => {
    const same = matrixRows({ rows: 3, columns: 2, data: new Float32Array(6).fill(4) });
    expect([...(await fitPca(same, { components: 2 })).shares]).toEqual([0, 0]);
    expect((await fitWhitening(same, { kind: 'pca' })).rank).toBe(0);
  });
  it('say what is wrong with their input', async () => {
    const source = matrixRows(randomRows(16, 5, 3));
    await expect(fitPca(source, { components: 4 })).rejects.toThrow(/a whole number from 1 to 3, got 4/);
    const one = matrixRows(randomRows(16, 1, 3));
    await expect(fitPca(one, { components: 1 })).rejects.toThrow(/at least 2, got 1/);
    await expect(fitWhitening(one)).rejects.toThrow(/at least 2, got 1/);
    const fitted = await fitPca(source, { components: 1 });
    await expect(applyLinearMap(matrixRows(randomRows(16, 5, 2)), fitted)).rejects.toThrow(/the 3 of the fit, got 2/);
  });
});

describe('shrinkage covariance', () => {
  it('of one row is zero', async () => {
    const fitted = await fitShrunkCovariance(matrixRows(randomRows(17, 1, 3)), { shrinkage: 'ledoit-wolf' });
    expect([...fitted.covariance]).toEqual(new Array(9).fill(0));
  });
  it('keeps the trace', async () => {
    const matrix = randomRows(18, 20, 5);
    const { scatter } = slowMoments(matrix);
    const { covariance } = await fitShrunkCovariance(matrixRows(matrix), { shrinkage: 0.7 });
    const trace = (values: Float64Array) => [0, 6, 12, 18, 24].reduce((sum, k) => sum + (values[k] as number), 0);
    expect(trace(covariance)).toBeCloseTo(trace(scatter) / 20, 9);
    await expect(fitShrunkCovariance(matrixRows(matrix), { shrinkage: -0.1 })).rejects.toThrow(/in \[0, 1\]/);
  });
});

function objective(
  { rows, columns, data }: Matrix,
  y: readonly number[],
  w: Float64Array,
  b: number,
  l2: number,
): number {
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    let z = b;
    for (let j = 0; j < columns; j++) z += (w[j] as number) * (data[i * columns + j] as number);
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (y[i] as number) * z;
  }
  return loss / rows + l2 * w.reduce((sum, wj) => sum + wj * wj, 0);
}
