import { expected } from '../core/errors.ts';
import { solveLower, solveUpper } from './cholesky.ts';
import { classRows } from './class-rows.ts';
import { createDenseProducts } from './dense-products.ts';
import { factorise } from './factorise.ts';
import { computeMoments, type Moments } from './moments.ts';
import { pseudoInverse } from './pseudo-inverse.ts';
import type { RowSource, SolverOptions } from './row-source.ts';
import { fourthPowers, ledoitWolfShrinkage, requireShrinkage, shrinkInPlace } from './shrinkage-covariance.ts';

export interface LdaOptions extends SolverOptions {
  /**
   * How each class's covariance is shrunk: not at all, by the Ledoit–Wolf estimate on columns of unit variance, or by a
   * number in [0, 1]. @default 'none'
   */
  readonly shrinkage?: 'none' | 'ledoit-wolf' | number;
  /** (classes) Shares of the classes, summing to 1. @default those of the labels */
  readonly priors?: readonly number[];
}

/** Linear scores z = weights · x + biases, one for two classes (log-odds of class 1), else one per class. */
export interface FittedLda {
  /** (outputs × columns) row-major. */
  readonly weights: Float64Array;
  /** (outputs) */
  readonly biases: Float64Array;
  /** (classes × columns) row-major. */
  readonly means: Float64Array;
  /** (classes) */
  readonly priors: Float64Array;
}

/** Directions whose variance within classes, on columns of unit variance, is below the square of this are left out. */
const tolerance = 1e-4;

/**
 * Linear discriminant analysis: log-posteriors up to a shared constant under one covariance Σ = Σₖ priorₖ·Σₖ for all classes,
 * wₖ = Σ⁺(μₖ − μ̄) (methods.md 14; scikit-learn's `svd` solver, and with shrinkage or priors its `lsqr` solver). Takes a pass
 * per class, two with `ledoit-wolf`.
 * @param labels (rows) whole numbers 0 … classes − 1, each of which occurs.
 * @throws UserError (`length`, `labels`, `one-class`, `out-of-range`) when labels, priors or shrinkage are not as told.
 */
export async function fitLda(
  source: RowSource,
  labels: ArrayLike<number>,
  options: LdaOptions = {},
): Promise<FittedLda> {
  const { shrinkage = 'none' } = options;
  requireShrinkage(shrinkage);
  const classes = countClasses(labels, source.rows);
  const priors = priorsOf(labels, classes, options.priors);
  const { columns } = source;
  const means = new Float64Array(classes * columns);
  const covariance = new Float64Array(columns * columns);
  for (let k = 0; k < classes; k++) {
    const rows = classRows(source, labels, k);
    const moments = await computeMoments(rows, options);
    means.set(moments.mean, k * columns);
    const own = await classCovariance(rows, moments, shrinkage);
    for (let i = 0; i < own.length; i++) (covariance[i] as number) += (priors[k] as number) * (own[i] as number);
  }
  const centre = weightedMean(means, priors, columns);
  const weights = await discriminants(covariance, means, centre, options);
  return reduced({ weights, biases: biasesOf(weights, means, centre, priors), means, priors });
}

function countClasses(labels: ArrayLike<number>, rows: number): number {
  if (labels.length !== rows) {
    throw expected('length', 'the number of labels', `the ${rows} rows`, labels.length, 'Give one per example');
  }
  const found = new Set(Array.from(labels));
  const classes = found.size;
  for (let k = 0; k < classes; k++) {
    if (found.has(k)) continue;
    const wanted = 'whole numbers from 0, each of which occurs';
    throw expected('labels', 'labels', wanted, [...found].sort().slice(0, 9).join(', '), 'Number the classes from 0.');
  }
  if (classes < 2) throw expected('one-class', 'the number of classes', 'at least 2', classes, 'Give another class.');
  return classes;
}

function priorsOf(labels: ArrayLike<number>, classes: number, given: readonly number[] | undefined): Float64Array {
  const priors = new Float64Array(classes);
  if (given === undefined) {
    for (let i = 0; i < labels.length; i++) (priors[labels[i] as number] as number) += 1 / labels.length;
    return priors;
  }
  const sum = given.reduce((total, share) => total + share, 0);
  if (given.length !== classes || !given.every((share) => share > 0) || Math.abs(sum - 1) > 1e-6) {
    const wanted = `${classes} positive shares that sum to 1`;
    throw expected('out-of-range', 'priors', wanted, given, 'Give one per class, or none for those of the labels.');
  }
  return Float64Array.from(given);
}

/** The class's covariance over its rows, shrunk. Overwrites `moments.scatter`. */
async function classCovariance(
  rows: RowSource,
  { mean, scatter, rows: n }: Moments,
  shrinkage: 'none' | 'ledoit-wolf' | number,
): Promise<Float64Array> {
  const columns = mean.length;
  if (shrinkage !== 'ledoit-wolf') {
    for (let k = 0; k < scatter.length; k++) (scatter[k] as number) /= n;
    if (shrinkage !== 'none') shrinkInPlace(scatter, columns, shrinkage);
    return scatter;
  }
  const scale = deviations(scatter, columns, n);
  rescale(scatter, scale, (a) => 1 / a);
  const fourth = await fourthPowers(rows, mean, scale);
  const share = columns === 1 ? 0 : ledoitWolfShrinkage(scatter, n, columns, fourth);
  for (let k = 0; k < scatter.length; k++) (scatter[k] as number) /= n;
  shrinkInPlace(scatter, columns, share);
  rescale(scatter, scale, (a) => a);
  return scatter;
}

/** Square roots of the diagonal over n; 1 for a column that does not vary. */
function deviations(scatter: Float64Array, columns: number, n: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => Math.sqrt((scatter[j * (columns + 1)] as number) / n) || 1);
}

/** mᵢⱼ ← mᵢⱼ · f(sᵢ) · f(sⱼ) */
function rescale(matrix: Float64Array, scale: Float64Array, f: (value: number) => number): void {
  const factors = scale.map(f);
  const n = scale.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) (matrix[i * n + j] as number) *= (factors[i] as number) * (factors[j] as number);
  }
}

function weightedMean(means: Float64Array, priors: Float64Array, columns: number): Float64Array {
  const centre = new Float64Array(columns);
  means.forEach((value, k) => {
    (centre[k % columns] as number) += value * (priors[Math.floor(k / columns)] as number);
  });
  return centre;
}

/** (classes × columns) Σ⁺(μₖ − μ̄). */
async function discriminants(
  covariance: Float64Array,
  means: Float64Array,
  centre: Float64Array,
  options: SolverOptions,
): Promise<Float64Array> {
  const columns = centre.length;
  const scale = deviations(covariance, columns, 1);
  rescale(covariance, scale, (a) => 1 / a);
  const differences = means.map(
    (value, k) => (value - (centre[k % columns] as number)) / (scale[k % columns] as number),
  );
  const solved = await solveSymmetric(covariance, columns, differences, options);
  return solved.map((value, k) => value / (scale[k % columns] as number));
}

/** Rows x of `right` replaced by C⁺x: by Cholesky, or where directions are missing by eigenvalues. */
async function solveSymmetric(
  matrix: Float64Array,
  size: number,
  right: Float64Array,
  options: SolverOptions,
): Promise<Float64Array> {
  const products = createDenseProducts(options);
  const factor = await factorise(matrix, size, products).finally(() => products.dispose());
  const pivots = Array.from({ length: size }, (_, j) => factor.lower[j * (size + 1)] as number);
  if (!pivots.every((pivot) => pivot > tolerance)) {
    const { inverse } = pseudoInverse(matrix, size, { absolute: tolerance ** 2 });
    return right.map((_, k) => {
      const [row, column] = [Math.floor(k / size), k % size];
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (inverse[column * size + j] as number) * (right[row * size + j] as number);
      return sum;
    });
  }
  const solved = right.slice();
  for (let start = 0; start < solved.length; start += size) {
    const row = solved.subarray(start, start + size);
    solveLower(factor, row);
    solveUpper(factor, row);
  }
  return solved;
}

/** −½(μₖ + μ̄)·wₖ + log priorₖ, which is −½(μₖ − μ̄)·wₖ − μ̄·wₖ + log priorₖ. */
function biasesOf(weights: Float64Array, means: Float64Array, centre: Float64Array, priors: Float64Array) {
  const columns = centre.length;
  const biases = priors.map((prior) => Math.log(prior));
  weights.forEach((weight, k) => {
    (biases[Math.floor(k / columns)] as number) -=
      (weight * ((means[k] as number) + (centre[k % columns] as number))) / 2;
  });
  return biases;
}

/** For two classes, class 1 less class 0. */
function reduced(fitted: FittedLda): FittedLda {
  const { weights, biases } = fitted;
  if (biases.length !== 2) return fitted;
  const columns = weights.length / 2;
  const difference = (values: Float64Array, n: number) =>
    Float64Array.from({ length: n }, (_, j) => (values[n + j] as number) - (values[j] as number));
  return { ...fitted, weights: difference(weights, columns), biases: difference(biases, 1) };
}
