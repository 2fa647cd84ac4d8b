import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { minimizeLbfgs } from '../../src/solvers/lbfgs.ts';
import {
  decision,
  fitLogisticRegression,
  type LogisticRegressionOptions,
} from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { strongWolfe } from '../../src/solvers/strong-wolfe.ts';

const fitRows = (features: Matrix, targets: ArrayLike<boolean | number>, options: LogisticRegressionOptions) =>
  fitLogisticRegression(matrixRows(features), targets, options);

function problem(seed: number, rows: number, columns: number): { features: Matrix; targets: boolean[] } {
  const rng = createRng(seed, 'logistic');
  const data = Float32Array.from({ length: rows * columns }, () => rng.normal());
  const targets = Array.from({ length: rows }, (_, i) =>
    rng.chance(1 / (1 + Math.exp(-2 * (data[i * columns] as number)))),
  );
  return { features: { rows, columns, data }, targets };
}

/** The objective straight from its definition. */
function objective(
  { rows, columns, data }: Matrix,
  targets: readonly number[],
  w: readonly number[],
  b: number,
  l2: number,
) {
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const z = w.reduce((sum, wj, j) => sum + wj * (data[i * columns + j] as number), b);
    loss += Math.log(1 + Math.exp(-z)) + (1 - (targets[i] as number)) * z;
  }
  return loss / rows + l2 * w.reduce((sum, wj) => sum + wj * wj, 0);
}

describe('minimizeLbfgs', () => {
  it("finds the minimum of Rosenbrock's function", async () => {
    const rosenbrock = async (x: Float64Array, g: Float64Array) => {
      let value = 0;
      g.fill(0);
      for (let i = 0; i + 1 < x.length; i++) {
        const [a, b] = [1 - (x[i] as number), (x[i + 1] as number) - (x[i] as number) ** 2];
        value += a * a + 100 * b * b;
        (g[i] as number) += -2 * a - 400 * b * (x[i] as number);
        (g[i + 1] as number) += 200 * b;
      }
      return value;
    };
    const { point, value, converged, iterations } = await minimizeLbfgs(rosenbrock, new Float64Array(10).fill(-1.2));
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(200);
    expect(value).toBeLessThan(1e-12);
    for (const x of point) expect(x).toBeCloseTo(1, 5);
  });
  it('steps back from where the function is not defined', async () => {
    const logBarrier = async (x: Float64Array, g: Float64Array) => {
      const [value] = x as unknown as [number];
      g[0] = 1 - 1 / value;
      return value > 0 ? value - Math.log(value) : Number.NaN;
    };
    expect((await minimizeLbfgs(logBarrier, Float64Array.of(50))).point[0]).toBeCloseTo(1, 6);
  });
  it('stops at the limit and says so', async () => {
    const bowl = async (x: Float64Array, g: Float64Array) => {
      g[0] = 4 * (x[0] as number) ** 3;
      return (x[0] as number) ** 4;
    };
    expect(await minimizeLbfgs(bowl, Float64Array.of(3), { maxIterations: 2 })).toMatchObject({
      iterations: 2,
      converged: false,
    });
  });
});

describe('strongWolfe', () => {
  const lines: Record<string, (t: number) => readonly [value: number, slope: number]> = {
    'a hollow that flattens out': (t) => [-t / (t * t + 2), (t * t - 2) / (t * t + 2) ** 2],
    'a steep quartic': (t) => [(t - 1) ** 4 / 6, (2 * (t - 1) ** 3) / 3],
    'a wave in a bowl': (t) => [0.1 * t * t - t + Math.cos(7 * t) / 2, 0.2 * t - 1 - 3.5 * Math.sin(7 * t)],
  };
  it.each(Object.entries(lines))('meets both conditions on %s from first steps of every size', async (_, line) => {
    const at = async (length: number) => {
      const [value, slope] = line(length);
      return { length, value, slope };
    };
    const start = await at(0);
    for (let exponent = -4; exponent <= 4; exponent += 0.5) {
      const { length, value, slope } = await strongWolfe(at, start, 10 ** exponent);
      expect(value).toBeLessThanOrEqual(start.value + 1e-4 * length * start.slope);
      expect(Math.abs(slope)).toBeLessThanOrEqual(0.9 * Math.abs(start.slope));
    }
  });
});

describe('fitLogisticRegression', () => {
  it('sits at the minimum of the stated objective', async () => {
    const { features, targets } = problem(0, 80, 3);
    const { weights, bias, loss } = await fitRows(features, targets, { l2: 0.01 });
    const numbers = targets.map(Number);
    const at = (w: readonly number[], b: number) => objective(features, numbers, w, b, 0.01);
    expect(loss).toBeCloseTo(at([...weights], bias), 12);
    for (let j = 0; j <= 3; j++) {
      for (const step of [-1e-3, 1e-3]) {
        const moved = [...weights, bias].map((value, k) => value + (k === j ? step : 0));
        expect(at(moved.slice(0, 3), moved[3] as number)).toBeGreaterThan(loss);
      }
    }
  });
  it('takes probabilities as mixtures of both classes', async () => {
    const { features } = problem(1, 40, 2);
    const rng = createRng(2);
    const soft = Array.from({ length: 40 }, () => rng.uniform());
    const twice = { rows: 80, columns: 2, data: Float32Array.of(...features.data, ...features.data) };
    const hard = [...soft.map(() => 1), ...soft.map(() => 0)];
    const weights = [...soft, ...soft.map((p) => 1 - p)];
    const a = await fitRows(features, soft, { l2: 0.1 });
    const b = await fitRows(twice, hard, { l2: 0.1, weights });
    expect(a.loss).toBeCloseTo(b.loss, 10);
    expect(a.weights[0]).toBeCloseTo(b.weights[0] as number, 5);
  });
  it('takes a weight as so many copies, and zero as absence', async () => {
    const { features, targets } = problem(3, 60, 2);
    const counts = targets.map((_, i) => i % 3);
    const copies = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    const data = Float32Array.from(copies.flatMap((i) => [...features.data.subarray(2 * i, 2 * i + 2)]));
    const written = await fitRows(
      { rows: copies.length, columns: 2, data },
      copies.map((i) => targets[i] as boolean),
      { l2: 0.01 },
    );
    const weighted = await fitRows(features, targets, { l2: 0.01, weights: counts });
    expect(weighted.loss).toBeCloseTo(written.loss, 10);
  });
  it('gives log-odds that do not depend on the units of standardized features', async () => {
    const { features, targets } = problem(4, 100, 2);
    const data = features.data.map((x, k) => (k % 2 ? 1000 * x + 7 : x));
    const options = { l2: 0.05, standardize: true };
    const logOdds = async (matrix: Matrix) => decision(matrix, await fitRows(matrix, targets, options));
    const [a, b] = [await logOdds(features), await logOdds({ ...features, data })];
    a.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 4);
    });
  });
  it('gives a constant feature no weight, and the base rate when features say nothing', async () => {
    const targets = [1, 1, 1, 0];
    const features = { rows: 4, columns: 2, data: Float32Array.of(5, 0, 5, 0, 5, 0, 5, 0) };
    for (const standardize of [false, true]) {
      const { weights, bias } = await fitRows(features, targets, { l2: 0, standardize });
      expect([...weights]).toEqual([0, 0]);
      expect(bias).toBeCloseTo(Math.log(3), 6);
    }
  });
  it('is deterministic and quick on correlated features of a real size', async () => {
    const rng = createRng(5);
    const [rows, columns] = [4000, 64];
    const data = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      const shared = rng.normal();
      for (let j = 0; j < columns; j++) data[i * columns + j] = 10 * shared + rng.normal() * 0.9 ** j;
    }
    const gap = (row: number) => (data[row * columns] as number) - (data[row * columns + 1] as number);
    const targets = Array.from({ length: rows }, (_, i) => rng.chance(1 / (1 + Math.exp(-gap(i)))));
    const run = () => fitRows({ rows, columns, data }, targets, { l2: 1e-5 });
    expect(await run()).toEqual(await run());
    // Without the preconditioner this takes several hundred.
    expect((await run()).iterations).toBeLessThan(40);
    expect((await run()).converged).toBe(true);
  });
  it('says what is wrong with its input', async () => {
    const { features, targets } = problem(6, 5, 2);
    const mixed = [true, false, true, false, true];
    await expect(fitRows(features, [1, 1, 1, 1, 1], { l2: 0 })).rejects.toThrow(/strictly between 0 and 1, got "1"/);
    await expect(fitRows(features, mixed, { l2: 0, weights: [1, 0, 1, 0, 1] })).rejects.toThrow(/strictly between/);
    await expect(fitRows(features, targets.slice(1), { l2: 0 })).rejects.toThrow(/the 5 rows of features, got 4/);
    await expect(fitRows(features, [0, 1, 2, 0, 1], { l2: 0 })).rejects.toThrow(/targets\[2\] to be in \[0, 1\]/);
    await expect(fitRows(features, mixed, { l2: -1 })).rejects.toThrow(/l2 to be a finite number from 0, got "-1"/);
    const broken = { ...features, data: features.data.map((x, k) => (k === 3 ? Number.NaN : x)) };
    await expect(fitRows(broken, mixed, { l2: 0 })).rejects.toThrow(
      /features\[3\] \(row 1, column 1\) to be a finite number/,
    );
    const fitted = await fitRows(features, mixed, { l2: 1 });
    expect(() => decision({ rows: 1, columns: 3, data: new Float32Array(3) }, fitted)).toThrow(
      /the 2 of the fit, got 3/,
    );
  });
});
