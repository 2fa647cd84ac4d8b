import { describe, expect, it, test } from 'vitest';
import type { Matrix } from '../../src/core/models.ts';
import { fitLda } from '../../src/solvers/lda.ts';
import { applyLinearMap } from '../../src/solvers/linear-map.ts';
import { decision, fitLogisticRegression, fitMultinomialRegression } from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { fitPca } from '../../src/solvers/pca.ts';
import { pseudoInverse } from '../../src/solvers/pseudo-inverse.ts';
import { fitShrunkCovariance } from '../../src/solvers/shrinkage-covariance.ts';
import { readGolden } from '../stats/golden.ts';

interface Listed {
  readonly rows: number;
  readonly columns: number;
  readonly data: number[];
}

interface Golden {
  readonly pca: readonly {
    name: string;
    features: Listed;
    components: number;
    variances: number[];
    shares: number[];
    map: number[];
  }[];
  readonly shrunk: readonly {
    name: string;
    features: Listed;
    expected: Record<'ledoit-wolf' | 'oas' | 'fixed', { shrinkage: number; covariance: number[] }>;
  }[];
  readonly lda: readonly {
    name: string;
    features: Listed;
    labels: number[];
    shrinkage: 'none' | 'ledoit-wolf' | number;
    priors: number[] | null;
    scores: number[];
  }[];
  readonly multinomial: readonly {
    name: string;
    features: Listed;
    classes: number[];
    weights: number[] | null;
    l2: number;
    objective: number;
    logits: number[];
  }[];
  readonly inverse: readonly {
    name: string;
    size: number;
    matrix: number[];
    absolute: number;
    relative: number | null;
    inverse: number[];
    rank: number;
  }[];
}

interface LogisticGolden {
  readonly problems: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly features: number[];
    readonly targets: number[];
    readonly weights: number[] | null;
    readonly l2: number;
    readonly standardize: boolean;
    readonly expected: { readonly objective: number; readonly decision: number[] };
  }[];
}

const golden = readGolden<Golden>('solvers');
const logistic = readGolden<LogisticGolden>('stats-logistic-regression');

function matrix({ rows, columns, data }: Listed): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], digits: number): void {
  expect(got.length).toBe(wanted.length);
  const size = Math.max(1, ...wanted.map(Math.abs));
  wanted.forEach((value, i) => {
    expect(Math.abs((got[i] as number) - value)).toBeLessThan(size * 10 ** -digits);
  });
}

describe.each(logistic.problems)('scikit-learn logistic regression: $name', (problem) => {
  const { rows, columns, targets, weights, l2, standardize } = problem;
  const features = { rows, columns, data: Float32Array.from(problem.features) };
  const fitted = fitLogisticRegression(matrixRows(features), targets, { l2, standardize, ...(weights && { weights }) });
  it('reaches the same optimum', async () => {
    const { converged, loss } = await fitted;
    expect(converged).toBe(true);
    expect(Math.abs(loss - problem.expected.objective)).toBeLessThan(1e-9);
  });
  it('gives the same log-odds', async () => {
    const logOdds = decision(features, await fitted);
    problem.expected.decision.forEach((wanted, i) => {
      expect(Math.abs((logOdds[i] as number) - wanted)).toBeLessThan(1e-3 * Math.max(1, Math.abs(wanted)));
    });
  });
});

test.each(golden.multinomial)('scikit-learn multinomial regression: $name', async (problem) => {
  const { features, classes, weights, l2, objective, logits } = problem;
  const fitted = await fitMultinomialRegression(matrixRows(matrix(features)), classes, {
    l2,
    ...(weights && { weights }),
  });
  expect(fitted.converged).toBe(true);
  expect(Math.abs(fitted.loss - objective)).toBeLessThan(1e-9);
  expectClose(scores(features, fitted.weights, fitted.biases, logits.length), logits, 4);
});

test.each(golden.pca)('scikit-learn PCA: $name', async ({ features, components, variances, shares, map }) => {
  const source = matrixRows(matrix(features));
  const fitted = await fitPca(source, { components });
  expectClose(fitted.variances, variances, 9);
  expectClose(fitted.shares, shares, 9);
  expectClose(fitted.map, map, 6);
  const projected = await applyLinearMap(source, fitted);
  const first = projected.data.filter((_, k) => k % components === 0);
  const variance = first.reduce((sum, x) => sum + x * x, 0) / (features.rows - 1);
  expect(variance / (variances[0] as number)).toBeCloseTo(1, 5);
});

describe.each(golden.shrunk)('scikit-learn shrinkage covariance: $name', ({ features, expected }) => {
  it.each(['ledoit-wolf', 'oas', 'fixed'] as const)('%s', async (kind) => {
    const shrinkage = kind === 'fixed' ? 0.2 : kind;
    const fitted = await fitShrunkCovariance(matrixRows(matrix(features)), { shrinkage });
    expect(fitted.shrinkage).toBeCloseTo(expected[kind].shrinkage, 9);
    expectClose(fitted.covariance, expected[kind].covariance, 9);
  });
});

test.each(golden.lda)('scikit-learn LDA: $name', async ({ features, labels, shrinkage, priors, scores: wanted }) => {
  const options = { shrinkage, ...(priors && { priors }) };
  const fitted = await fitLda(matrixRows(matrix(features)), labels, options);
  const outputs = fitted.biases.length;
  const got = scores(features, fitted.weights, fitted.biases, 12 * outputs);
  const compared = outputs === 1 ? got : got.map((z, k) => z - (got[k - (k % outputs)] as number));
  expectClose(compared, wanted, 6);
});

test.each(golden.inverse)('SciPy pseudo-inverse: $name', (golden) => {
  const options = { absolute: golden.absolute, ...(golden.relative !== null && { relative: golden.relative }) };
  const { inverse, rank } = pseudoInverse(Float64Array.from(golden.matrix), golden.size, options);
  expect(rank).toBe(golden.rank);
  expectClose(inverse, golden.inverse, 10);
});

test('golden values name the versions that made them', () => {
  expect(golden.madeWith['scikit-learn']).toMatch(/^\d+\.\d+/);
  expect(logistic.madeWith['scikit-learn']).toMatch(/^\d+\.\d+/);
});

/** The first `count` of W·x + b, row by row. */
function scores({ columns, data }: Listed, weights: Float64Array, biases: Float64Array, count: number): number[] {
  const outputs = biases.length;
  return Array.from({ length: count }, (_, k) => {
    const [row, output] = [Math.floor(k / outputs), k % outputs];
    let z = biases[output] as number;
    for (let j = 0; j < columns; j++)
      z += (weights[output * columns + j] as number) * Math.fround(data[row * columns + j] as number);
    return z;
  });
}
