import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/core/models.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import { fitAutoencoder } from '../../../src/techniques/shared/autoencoder.ts';

const options = { latent: 2, klWeight: 0.1, epochs: 30, batchSize: 64, learningRate: 3e-3 };
const { signal } = new AbortController();

describe('the autoencoder', () => {
  it('finds the optimum known in closed form for Gaussian rows', async () => {
    // Variances 3.7 and three of 0.1 have mean 1. A weight of 2σ²/d makes the loss that of probabilistic PCA with noise
    // σ² = 0.2: only the first direction is worth a code, of ½ ln(3.7/σ²) nats, and x̂ shrinks it by 1 − σ²/3.7.
    const rng = createRng(0, 'gaussian');
    const draw = () => [3.7, 0.1, 0.1, 0.1].map((variance) => 50 + 7 * Math.sqrt(variance) * rng.normal());
    const [train, test] = [rowsOf(4000, draw), rowsOf(4000, draw)];
    const autoencoder = await fitAutoencoder(train, options, createRng(1), signal);
    const { error, kl } = await autoencoder.parts(test);
    expect(Math.abs(meanOf(kl) / (0.5 * Math.log(3.7 / 0.2)) - 1)).toBeLessThan(0.15);
    expect(Math.abs(meanOf(error) / ((0.3 + 0.2 ** 2 / 3.7) / 4) - 1)).toBeLessThan(0.15);
  });

  it('leaves the code unused where that does not pay; the score is then the distance to the mean', async () => {
    const train = rowsOf(3000, gaussian(createRng(0, 'isotropic')));
    const autoencoder = await fitAutoencoder(train, { ...options, klWeight: 1 }, createRng(1), signal);
    const test = rowsOf(500, gaussian(createRng(1, 'isotropic')));
    const { error, kl } = await autoencoder.parts(test);
    expect(meanOf(kl)).toBeLessThan(0.01);
    error.forEach((value, row) => {
      const squares = [...test.data.subarray(4 * row, 4 * row + 4)].reduce((sum, x) => sum + x * x, 0) / 4;
      expect(Math.abs(value - squares)).toBeLessThan(0.1 + 0.2 * squares);
    });
  });

  it('rebuilds rows of the plane it learned, and misses what lies off it', async () => {
    const rng = createRng(2, 'plane');
    const inPlane = () => planeRow(rng, 0);
    const autoencoder = await fitAutoencoder(rowsOf(2000, inPlane), { ...options, klWeight: 0.001 }, rng, signal);
    const on = await autoencoder.score(rowsOf(200, inPlane));
    const off = await autoencoder.score(rowsOf(200, () => planeRow(rng, 3)));
    expect(Math.min(...off)).toBeGreaterThan(Math.max(...on));
    // The plane's two directions have variance 3 each, so mean variance 1, and 3² over 6 dimensions is 1.5 of it.
    expect(meanOf(on)).toBeLessThan(0.1);
    expect(meanOf(off)).toBeGreaterThan(1.2);
  });

  it('scores by the mean squared error and the weighed KL, finite however far away', async () => {
    const autoencoder = await fitAutoencoder(rowsOf(300, gaussian(createRng(3))), options, createRng(1), signal);
    const rows = { rows: 2, columns: 4, data: Float32Array.of(0, 1, 2, 3, 1e6, -1e6, 1e6, -1e6) };
    const [scores, { error, kl }] = [await autoencoder.score(rows), await autoencoder.parts(rows)];
    scores.forEach((score, row) => {
      expect(score).toBeCloseTo((error[row] as number) + options.klWeight * (kl[row] as number), 9);
    });
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores[1]).toBeGreaterThan(1e6);
  });

  it('stays in the activations’ own unit where all normal rows are equal', async () => {
    const train = rowsOf(77, () => [0.1, 0.7, -0.3, 5.1]);
    const autoencoder = await fitAutoencoder(train, options, createRng(1), signal);
    const [far] = await autoencoder.score(rowsOf(1, () => [1.1, 0.7, -0.3, 5.1]));
    expect(far).toBeLessThan(10);
  });

  it('is the same for the same seed, and another for another', async () => {
    const rows = rowsOf(200, gaussian(createRng(4)));
    const scores = async (seed: number) =>
      (await fitAutoencoder(rows, { ...options, epochs: 2 }, createRng(seed), signal)).score(rows);
    expect(await scores(1)).toEqual(await scores(1));
    expect(await scores(2)).not.toEqual(await scores(1));
  });

  it('stops between epochs when asked', async () => {
    const rows = rowsOf(10, gaussian(createRng(5)));
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(fitAutoencoder(rows, options, createRng(0), stopped)).rejects.toThrow('stopped');
  });
});

function gaussian(rng: Rng): () => readonly number[] {
  return () => [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
}

/** Variance 3 along two directions of six, and `off` along a third. */
function planeRow(rng: Rng, off: number): readonly number[] {
  const [u, v] = [Math.sqrt(1.5) * rng.normal(), Math.sqrt(1.5) * rng.normal()];
  return [u + v, u - v, u - v, -u - v, off, 0].map((x, j) => (j < 4 ? x / Math.SQRT2 : x));
}

function rowsOf(rows: number, draw: () => readonly number[]): Matrix {
  const all = Array.from({ length: rows }, draw);
  return { rows, columns: all[0]?.length ?? 0, data: Float32Array.from(all.flat()) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
