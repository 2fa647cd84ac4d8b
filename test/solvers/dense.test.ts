import { afterAll, describe, expect, it } from 'vitest';
import { choleskyInPlace } from '../../src/solvers/cholesky.ts';
import { createDenseProducts } from '../../src/solvers/dense-products.ts';
import { factorise } from '../../src/solvers/factorise.ts';
import { pseudoInverse } from '../../src/solvers/pseudo-inverse.ts';
import { symmetricEigen } from '../../src/solvers/symmetric-eigen.ts';
import { topEigenpairs } from '../../src/solvers/top-eigenpairs.ts';
import { distance, randomRows, slowMoments } from './rows.ts';

const products = createDenseProducts({ threads: 2 });
afterAll(() => products.dispose());

describe('topEigenpairs', () => {
  it.each([
    ['falling variances', 400, 160, 20],
    ['a lower rank than asked for', 12, 150, 20],
    ['most of the pairs', 300, 140, 100],
    ['a small matrix', 50, 8, 3],
  ])('gives the largest of all eigenpairs with %s', async (_, rows, size, count) => {
    const { scatter } = slowMoments(randomRows(7, rows, size));
    const all = symmetricEigen(scatter, size);
    const top = await topEigenpairs(scatter, size, count, products);
    expect(distance(top.values, all.values.subarray(0, count))).toBeLessThan(1e-10);
    expect(distance(projector(top.vectors, size, 10, count), projector(all.vectors, size, 10, count))).toBeLessThan(
      1e-5,
    );
    for (let k = 0; k < count; k++) {
      const row = top.vectors.subarray(k * size, (k + 1) * size);
      expect(row.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 8);
    }
  });
  it('finds equal eigenvalues', async () => {
    const identity = Float64Array.from({ length: 140 * 140 }, (_, k) => (k % 141 === 0 ? 2 : 0));
    expect([...(await topEigenpairs(identity, 140, 3, products)).values]).toEqual(
      [2, 2, 2].map((x) => expect.closeTo(x, 10)),
    );
  });
  it('gives nothing but zeros for a matrix of zeros', async () => {
    expect([...(await topEigenpairs(new Float64Array(150 ** 2), 150, 2, products)).values]).toEqual([0, 0]);
  });
});

describe('factorise', () => {
  it('agrees with the plain algorithm across panels', async () => {
    const size = 300;
    const { scatter } = slowMoments(randomRows(8, 500, size));
    const plain = choleskyInPlace(scatter.slice(), size).lower.map((x, k) => (k % size > k / size ? 0 : x));
    expect(distance((await factorise(scatter, size, products)).lower, plain)).toBeLessThan(1e-10);
  });
});

describe('pseudoInverse', () => {
  it('meets the four conditions of Moore and Penrose on a matrix of low rank', () => {
    const size = 12;
    const { scatter } = slowMoments(randomRows(9, 6, size));
    const { inverse, rank } = pseudoInverse(scatter, size, { relative: 1e-10 });
    const times = (a: Float64Array, b: Float64Array) =>
      Float64Array.from({ length: size * size }, (_, k) => {
        let sum = 0;
        for (let j = 0; j < size; j++)
          sum += (a[Math.floor(k / size) * size + j] as number) * (b[j * size + (k % size)] as number);
        return sum;
      });
    expect(rank).toBe(5);
    const product = times(scatter, inverse);
    expect(distance(times(product, scatter), scatter)).toBeLessThan(1e-10);
    expect(distance(times(inverse, product), inverse)).toBeLessThan(1e-10);
    product.forEach((x, k) => {
      expect(x).toBeCloseTo(product[(k % size) * size + Math.floor(k / size)] as number, 8);
    });
  });
  it('says what is wrong with its input', () => {
    expect(() => pseudoInverse(new Float64Array(3), 2)).toThrow(/2 × 2/);
    expect(() => pseudoInverse(Float64Array.of(Number.NaN), 1)).toThrow(/finite/);
    expect(() => pseudoInverse(Float64Array.of(1), 1, { absolute: -1 })).toThrow(/at least 0/);
    expect(pseudoInverse(Float64Array.of(0), 1)).toEqual({ inverse: Float64Array.of(0), rank: 0 });
  });
});

/** Entries of Σ u uᵀ over the first vectors: what they span, whatever their signs. */
function projector(vectors: Float64Array, size: number, some: number, count: number): number[] {
  const kept = Math.min(some, count);
  return Array.from({ length: size }, (_, j) => {
    let sum = 0;
    for (let k = 0; k < kept; k++) sum += (vectors[k * size + j] as number) * (vectors[k * size + 0] as number);
    return sum;
  });
}
