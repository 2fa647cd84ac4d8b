import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import { fitLinearModel } from './fit-linear-model.ts';
import type { LbfgsOptions } from './lbfgs.ts';
import { binaryCrossEntropy, softmaxCrossEntropy } from './linear-loss.ts';
import { dotRow } from './linear-products.ts';
import type { RowSource, SolverOptions } from './row-source.ts';
import { weightedVariances } from './weighted-variances.ts';

export interface LogisticRegressionOptions extends SolverOptions, Pick<LbfgsOptions, 'tolerance' | 'maxIterations'> {
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

export interface FittedMultinomialRegression extends Omit<FittedLogisticRegression, 'bias'> {
  /** (classes × columns) row-major. */
  readonly weights: Float64Array;
  /** (classes), summing to 0: only their differences matter. */
  readonly biases: Float64Array;
}

/**
 * L2-regularised logistic regression: the minimum of Σ wᵢ·BCE(σ(xᵢ·w + b), yᵢ)/Σ wᵢ + λ‖w‖² by L-BFGS (methods.md 4.4,
 * 14.3 and 14.10), right to 1e-6 of the objective and, up to 2 million values, computed in float64. `targets` are classes or
 * probabilities in [0, 1]. Takes a pass or two per iteration. Deterministic at a given number of threads.
 * @param targets (n)
 * @throws UserError when lengths differ, a value is not finite, a target is outside [0, 1], the weighted targets are all
 * 0 or all 1 (the bias would run away), or λ is negative.
 */
export async function fitLogisticRegression(
  source: RowSource,
  targets: ArrayLike<boolean | number>,
  options: LogisticRegressionOptions,
): Promise<FittedLogisticRegression> {
  const y = Float64Array.from(targets, Number);
  const weights = checkedWeights(source.rows, y.length, options);
  y.forEach((target, i) => {
    checkRange(`targets[${i}]`, target, 1);
  });
  const share = y.reduce((sum, target, i) => sum + target * (weights[i] as number), 0);
  if (!(share > 0 && share < 1)) {
    const next = 'Give examples of both classes with positive weight';
    throw expected('one-class', 'the weighted mean of the targets', 'strictly between 0 and 1', String(share), next);
  }
  const problem = {
    loss: binaryCrossEntropy(y, weights),
    penalties: await penaltiesOf(source, weights, options),
    biases: Float64Array.of(Math.log(share / (1 - share))),
    curvature: 1 / 4,
  };
  const { biases, ...fitted } = await fitLinearModel(source, problem, options);
  return { ...fitted, bias: biases[0] as number };
}

/**
 * The same for two or more classes: softmax over one output per class, all penalised, as scikit-learn's multinomial loss
 * (for two classes, at half of λ per output, that of {@link fitLogisticRegression}).
 * @param classes (n) whole numbers 0 … K − 1, each of which occurs with positive weight.
 * @throws UserError as {@link fitLogisticRegression} does.
 */
export async function fitMultinomialRegression(
  source: RowSource,
  classes: ArrayLike<number>,
  options: LogisticRegressionOptions,
): Promise<FittedMultinomialRegression> {
  const weights = checkedWeights(source.rows, classes.length, options);
  const shares = classShares(classes, weights);
  const count = shares.length;
  const problem = {
    loss: softmaxCrossEntropy(classes, count, weights),
    penalties: await penaltiesOf(source, weights, options),
    biases: Float64Array.from(shares, Math.log),
    curvature: (count - 1) / count ** 2,
  };
  const { biases, ...fitted } = await fitLinearModel(source, problem, options);
  const mean = biases.reduce((sum, bias) => sum + bias, 0) / count;
  return { ...fitted, biases: biases.map((bias) => bias - mean) };
}

/**
 * Log-odds x·w + b of each row of `features`.
 * @throws UserError when the number of columns differs from that of the fit.
 */
export function decision(
  { rows, columns, data }: Matrix,
  { weights, bias }: Pick<FittedLogisticRegression, 'weights' | 'bias'>,
): Float64Array {
  if (columns !== weights.length) {
    const wanted = `the ${weights.length} of the fit`;
    throw expected('columns', 'the number of feature columns', wanted, columns, 'Use the same layer for both');
  }
  return Float64Array.from({ length: rows }, (_, row) => bias + dotRow(data, row * columns, weights, 0, columns));
}

/** Checks λ and lengths. Weights scaled to sum to 1. */
function checkedWeights(n: number, targets: number, { l2, weights }: LogisticRegressionOptions): Float64Array {
  checkRange('l2', l2, Number.MAX_VALUE);
  checkLength('targets', targets, n);
  if (!weights) return new Float64Array(n).fill(1 / n);
  checkLength('weights', weights.length, n);
  const checked = Float64Array.from(weights);
  checked.forEach((weight, i) => {
    checkRange(`weights[${i}]`, weight, Number.MAX_VALUE);
  });
  const total = checked.reduce((sum, weight) => sum + weight, 0);
  return checked.map((weight) => weight / total);
}

function classShares(classes: ArrayLike<number>, weights: Float64Array): readonly number[] {
  const shares: number[] = [];
  for (let i = 0; i < classes.length; i++) {
    const own = classes[i] as number;
    if (!(Number.isInteger(own) && own >= 0)) {
      throw expected('labels', `classes[${i}]`, 'a whole number from 0', String(own), 'Number the classes from 0.');
    }
    shares[own] = (shares[own] ?? 0) + (weights[i] as number);
  }
  const all = Array.from(shares, (share) => share ?? 0);
  if (all.length < 2 || all.some((share) => !(share > 0))) {
    const wanted = 'two or more, each with examples of positive weight';
    throw expected('one-class', 'the classes', wanted, all.join(', '), 'Number the classes from 0 without gaps.');
  }
  return all;
}

async function penaltiesOf(
  source: RowSource,
  weights: Float64Array,
  options: LogisticRegressionOptions,
): Promise<Float64Array> {
  const { l2, standardize = false } = options;
  if (!standardize) return new Float64Array(source.columns).fill(l2);
  return (await weightedVariances(source, weights)).map((variance) => l2 * variance);
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
