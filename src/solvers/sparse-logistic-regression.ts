import { expected } from '../core/errors.ts';
import { type LbfgsOptions, minimizeLbfgs, type Objective } from './lbfgs.ts';
import { binaryCrossEntropy } from './linear-loss.ts';
import type { FittedLogisticRegression } from './logistic-regression.ts';
import type { SparseRows } from './sparse-rows.ts';

export interface SparseLogisticRegressionOptions extends LbfgsOptions {
  /** λ ≥ 0 of the penalty λ‖w‖² added to the **mean** loss; the bias is not penalised (methods.md 14.10). */
  readonly l2: number;
}

/**
 * L2-regularised logistic regression on sparse rows: the minimum of Σ BCE(σ(xᵢ·w + b), yᵢ)/n + λ‖w‖² by L-BFGS in float64
 * (methods.md 14.3, 14.10). The optimiser sees centred columns, each scaled to about unit curvature; the optimum is that
 * of the raw ones. Time goes with the values that are not 0.
 * @param targets (n)
 * @throws UserError when lengths differ, λ is negative or the targets are all alike (the bias would run away).
 */
export async function fitSparseLogisticRegression(
  features: SparseRows,
  targets: ArrayLike<boolean>,
  options: SparseLogisticRegressionOptions,
): Promise<FittedLogisticRegression> {
  const { rows, columns } = features;
  const { l2, ...limits } = options;
  const y = Float64Array.from(targets, Number);
  const share = y.reduce((sum, target) => sum + target, 0) / rows;
  requireProblem(features, y.length, l2, share);
  const { mean, variance } = momentsOf(features);
  const scale = variance.map((v) => (v > 0 ? 1 / Math.sqrt(v / 4 + 2 * l2) : 0));
  const loss = binaryCrossEntropy(y, new Float64Array(rows).fill(1 / rows));
  const residuals = new Float64Array(rows);
  const objective: Objective = async (point, gradient) => {
    const { weights, bias } = modelAt(point, scale, mean);
    const value = loss.block(0, rows, sparseDecision(features, { weights, bias }), residuals);
    const { total, slopes } = slopesOf(features, residuals);
    let penalty = 0;
    for (let j = 0; j < columns; j++) {
      const weight = weights[j] as number;
      penalty += l2 * weight * weight;
      const slope = (slopes[j] as number) - (mean[j] as number) * total + 2 * l2 * weight;
      gradient[j] = slope * (scale[j] as number);
    }
    gradient[columns] = total;
    return value + penalty;
  };
  const start = new Float64Array(columns + 1);
  start[columns] = Math.log(share / (1 - share));
  const { point, value, iterations, converged } = await minimizeLbfgs(objective, start, limits);
  return { ...modelAt(point, scale, mean), loss: value, iterations, converged };
}

/** Log-odds x·w + b of each row. @throws UserError (`columns`) when the number of columns differs from that of the fit. */
export function sparseDecision(
  { rows, columns, starts, indices, values }: SparseRows,
  { weights, bias }: Pick<FittedLogisticRegression, 'weights' | 'bias'>,
): Float64Array {
  if (columns !== weights.length) {
    const wanted = `the ${weights.length} of the fit`;
    throw expected('columns', 'the number of feature columns', wanted, columns, 'Use the same columns for both');
  }
  const logits = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let logit = bias;
    const end = starts[i + 1] as number;
    for (let k = starts[i] as number; k < end; k++) {
      logit += (values[k] as number) * (weights[indices[k] as number] as number);
    }
    logits[i] = logit;
  }
  return logits;
}

function requireProblem({ rows }: SparseRows, targets: number, l2: number, share: number): void {
  if (targets !== rows) {
    throw expected('length', 'the number of targets', `the ${rows} rows of features`, targets, 'Give one per example');
  }
  if (!(l2 >= 0)) throw expected('out-of-range', 'l2', 'a finite number from 0', l2, 'Look at what computed it');
  if (share > 0 && share < 1) return;
  throw expected('one-class', 'the mean of the targets', 'strictly between 0 and 1', share, 'Give both classes');
}

/** Mean and variance of each column. */
function momentsOf({ rows, columns, indices, values }: SparseRows) {
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  const counts = new Float64Array(columns);
  indices.forEach((column, k) => {
    (mean[column] as number) += values[k] as number;
    (counts[column] as number) += 1;
  });
  // Sums of float32 values are exact in float64, so that a column that never varies has variance exactly 0.
  for (let column = 0; column < columns; column++) (mean[column] as number) /= rows;
  indices.forEach((column, k) => {
    (variance[column] as number) += ((values[k] as number) - (mean[column] as number)) ** 2 / rows;
  });
  // What a row does not name is 0.
  mean.forEach((m, column) => {
    (variance[column] as number) += ((rows - (counts[column] as number)) * m * m) / rows;
  });
  return { mean, variance };
}

/** Weights and bias on raw columns. */
function modelAt(point: Float64Array, scale: Float64Array, mean: Float64Array) {
  const weights = scale.map((s, j) => s * (point[j] as number));
  const offset = weights.reduce((sum, weight, j) => sum + weight * (mean[j] as number), 0);
  return { weights, bias: (point[scale.length] as number) - offset };
}

/** Derivatives of the loss by the raw columns' weights, and by the bias. */
function slopesOf({ rows, columns, starts, indices, values }: SparseRows, residuals: Float64Array) {
  const slopes = new Float64Array(columns);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const residual = residuals[i] as number;
    total += residual;
    const end = starts[i + 1] as number;
    for (let k = starts[i] as number; k < end; k++) {
      const column = indices[k] as number;
      slopes[column] = (slopes[column] as number) + residual * (values[k] as number);
    }
  }
  return { total, slopes };
}
