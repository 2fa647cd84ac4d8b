import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import { type Cholesky, choleskyInPlace, solveLower, solveUpper } from './cholesky.ts';
import { type LbfgsOptions, minimizeLbfgs, type Objective } from './lbfgs.ts';
import { checkFinite } from './scored-examples.ts';

export interface LogisticRegressionOptions extends LbfgsOptions {
  /**
   * λ ≥ 0 of the penalty λ‖w‖² added to the **mean** loss; the bias is not penalised. scikit-learn's C on the summed
   * loss is λ = 1/(2·C·n), with n replaced by the sum of the weights where there are any (methods.md 14.10).
   */
  readonly l2: number;
  /** (n) Weight ≥ 0 of each example; the loss is the weighted mean. @default all 1 */
  readonly weights?: ArrayLike<number>;
  /** Penalise the weights of features scaled to unit variance; the result is for raw features all the same. @default false */
  readonly standardize?: boolean;
}

export interface FittedLogisticRegression {
  /** (columns) */
  readonly weights: Float64Array;
  readonly bias: number;
  /** Weighted mean cross-entropy in nats plus the penalty, at the optimum. */
  readonly loss: number;
  readonly iterations: number;
  /** False when `maxIterations` was reached first, as on separable data with λ = 0. */
  readonly converged: boolean;
}

/** Sampled rows per column for the preconditioner; more buys fewer iterations at columns² each. */
const rowsPerColumn = 4;

/**
 * L2-regularised logistic regression in float64: the minimum of Σ wᵢ·BCE(σ(xᵢ·w + b), yᵢ)/Σ wᵢ + λ‖w‖² by L-BFGS
 * (methods.md 4.4, 14.3 and 14.10). `targets` are classes or probabilities in [0, 1]. Deterministic.
 * @param features (n × columns)
 * @param targets (n)
 * @throws UserError when lengths differ, a value is not finite, a target is outside [0, 1], the weighted targets are all
 * 0 or all 1 (the bias would run away), or λ is negative.
 */
export function fitLogisticRegression(
  features: Matrix,
  targets: ArrayLike<boolean | number>,
  options: LogisticRegressionOptions,
): FittedLogisticRegression {
  const problem = checkProblem(features, targets, options);
  const preconditioning = preconditioningOf(problem, options);
  const start = new Float64Array(features.columns + 1);
  start[features.columns] = Math.log(problem.share / (1 - problem.share));
  const minimum = minimizeLbfgs(objectiveOf(problem, preconditioning), start, options);
  const { weights, bias } = rawParameters(minimum.point, preconditioning);
  return { weights, bias, loss: minimum.value, iterations: minimum.iterations, converged: minimum.converged };
}

/**
 * Log-odds x·w + b of each row of `features`.
 * @throws UserError when the number of columns differs from that of the fit.
 */
export function decision(features: Matrix, fitted: Pick<FittedLogisticRegression, 'weights' | 'bias'>): Float64Array {
  const { rows, columns, data } = features;
  if (columns !== fitted.weights.length) {
    const wanted = `the ${fitted.weights.length} of the fit`;
    throw expected('columns', 'the number of feature columns', wanted, columns, 'Use the same layer for both');
  }
  return Float64Array.from({ length: rows }, (_, row) => fitted.bias + rowDot(data, row * columns, fitted.weights));
}

interface Problem {
  readonly features: Matrix;
  /** (n) */
  readonly targets: Float64Array;
  /** (n), summing to 1. */
  readonly weights: Float64Array;
  /** Weighted mean of the targets, strictly between 0 and 1. */
  readonly share: number;
}

/**
 * The optimiser sees v = Lᵀw on centred features, with the bias last, where L·Lᵀ approximates the Hessian at
 * probability ½: about unit curvature in every direction, however correlated the features, at the same optimum.
 */
interface Preconditioning {
  readonly means: Float64Array;
  /** Coefficient of wⱼ² in the objective. */
  readonly penalties: Float64Array;
  readonly factor: Cholesky;
}

function checkProblem(
  features: Matrix,
  rawTargets: ArrayLike<boolean | number>,
  { l2, weights: rawWeights }: LogisticRegressionOptions,
): Problem {
  const n = features.rows;
  checkRange('l2', l2, Number.MAX_VALUE);
  checkLength('targets', rawTargets.length, n);
  if (rawWeights) checkLength('weights', rawWeights.length, n);
  checkFinite(features.data, 'features');
  const targets = Float64Array.from(rawTargets, Number);
  targets.forEach((target, i) => {
    checkRange(`targets[${i}]`, target, 1);
  });
  const weights = rawWeights ? Float64Array.from(rawWeights) : new Float64Array(n).fill(1);
  weights.forEach((weight, i) => {
    checkRange(`weights[${i}]`, weight, Number.MAX_VALUE);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const normalised = weights.map((weight) => weight / total);
  const share = targets.reduce((sum, target, i) => sum + target * (normalised[i] as number), 0);
  if (!(share > 0 && share < 1)) {
    const next = 'Give examples of both classes with positive weight';
    throw expected('one-class', 'the weighted mean of the targets', 'strictly between 0 and 1', String(share), next);
  }
  return { features, targets, weights: normalised, share };
}

function checkRange(name: string, value: number, most: number): void {
  if (value >= 0 && value <= most) return;
  const wanted = most === 1 ? 'in [0, 1]' : 'a finite number from 0';
  throw expected('out-of-range', name, wanted, String(value), 'Look at what computed it');
}

function checkLength(name: string, got: number, wanted: number): void {
  if (got === wanted) return;
  throw expected('length', `the number of ${name}`, `the ${wanted} rows of features`, got, 'Give one per example');
}

function preconditioningOf(problem: Problem, { l2, standardize = false }: LogisticRegressionOptions): Preconditioning {
  const { features, weights } = problem;
  const means = new Float64Array(features.columns);
  eachRow(features, (offset, row) => addRow(means, features.data, offset, weights[row] as number));
  const variances = new Float64Array(features.columns);
  eachRow(features, (offset, row) => addSquares(variances, features.data, offset, means, weights[row] as number));
  const penalties = variances.map((variance) => (standardize ? l2 * variance : l2));
  const hessian = sampledCovariance(features, means).map((covariance) => covariance / 4);
  // A floor far below any direction that matters keeps a singular matrix factorable.
  const floor = 1e-10 * Math.max(...variances) || 1;
  penalties.forEach((penalty, j) => {
    (hessian[j * features.columns + j] as number) += 2 * penalty + floor;
  });
  return { means, penalties, factor: choleskyInPlace(hessian, features.columns) };
}

/** Lower triangle of the covariance from evenly spaced rows, as many as make it good to a small factor. */
function sampledCovariance({ rows, columns, data }: Matrix, means: Float64Array): Float64Array {
  const covariance = new Float64Array(columns * columns);
  const stride = Math.max(1, Math.floor(rows / (rowsPerColumn * columns)));
  const sampled = Math.ceil(rows / stride);
  const centred = new Float64Array(columns);
  for (let row = 0; row < rows; row += stride) {
    for (let j = 0; j < columns; j++) centred[j] = (data[row * columns + j] as number) - (means[j] as number);
    for (let j = 0; j < columns; j++) {
      const factor = (centred[j] as number) / sampled;
      for (let k = 0; k <= j; k++) (covariance[j * columns + k] as number) += factor * (centred[k] as number);
    }
  }
  return covariance;
}

function objectiveOf({ features, targets, weights }: Problem, preconditioning: Preconditioning): Objective {
  const { columns, data } = features;
  const { means, penalties, factor } = preconditioning;
  return (point, gradient) => {
    const raw = rawParameters(point, preconditioning);
    gradient.fill(0);
    let value = 0;
    let residuals = 0;
    for (let row = 0; row < features.rows; row++) {
      const z = raw.bias + rowDot(data, row * columns, raw.weights);
      const target = targets[row] as number;
      const weight = weights[row] as number;
      // softplus(z) − y·z, without overflow.
      const tail = Math.exp(-Math.abs(z));
      value += weight * (Math.max(z, 0) + Math.log1p(tail) - target * z);
      const residual = weight * ((z >= 0 ? 1 : tail) / (1 + tail) - target);
      residuals += residual;
      addRow(gradient, data, row * columns, residual, columns);
    }
    for (let j = 0; j < columns; j++) {
      const w = raw.weights[j] as number;
      const slope = 2 * (penalties[j] as number) * w;
      value += (slope * w) / 2;
      (gradient[j] as number) += slope - (means[j] as number) * residuals;
    }
    solveLower(factor, gradient);
    gradient[columns] = residuals;
    return value;
  };
}

function rawParameters(
  point: Float64Array,
  { means, factor }: Preconditioning,
): { weights: Float64Array; bias: number } {
  const weights = point.slice(0, means.length);
  solveUpper(factor, weights);
  return { weights, bias: (point[means.length] as number) - rowDot(means, 0, weights) };
}

function eachRow({ rows, columns }: Matrix, visit: (offset: number, row: number) => void): void {
  for (let row = 0; row < rows; row++) visit(row * columns, row);
}

/** Four running sums, since a single one would wait for each addition. */
function rowDot(data: Float32Array | Float64Array, offset: number, weights: Float64Array): number {
  const n = weights.length;
  const whole = n - (n % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    a += (data[offset + j] as number) * (weights[j] as number);
    b += (data[offset + j + 1] as number) * (weights[j + 1] as number);
    c += (data[offset + j + 2] as number) * (weights[j + 2] as number);
    d += (data[offset + j + 3] as number) * (weights[j + 3] as number);
  }
  for (let j = whole; j < n; j++) a += (data[offset + j] as number) * (weights[j] as number);
  return a + b + (c + d);
}

function addRow(target: Float64Array, data: Float32Array, offset: number, factor: number, n = target.length): void {
  const whole = n - (n % 4);
  for (let j = 0; j < whole; j += 4) {
    (target[j] as number) += factor * (data[offset + j] as number);
    (target[j + 1] as number) += factor * (data[offset + j + 1] as number);
    (target[j + 2] as number) += factor * (data[offset + j + 2] as number);
    (target[j + 3] as number) += factor * (data[offset + j + 3] as number);
  }
  for (let j = whole; j < n; j++) (target[j] as number) += factor * (data[offset + j] as number);
}

function addSquares(target: Float64Array, data: Float32Array, offset: number, means: Float64Array, factor: number) {
  for (let j = 0; j < target.length; j++) {
    (target[j] as number) += factor * ((data[offset + j] as number) - (means[j] as number)) ** 2;
  }
}
