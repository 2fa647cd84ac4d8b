import { type LbfgsOptions, minimizeLbfgs, type Objective } from './lbfgs.ts';
import type { LinearLoss } from './linear-loss.ts';
import { createLinearProducts, dotRow } from './linear-products.ts';
import { type Preconditioning, preconditioningOf, toPointGradient, toWeights } from './preconditioning.ts';
import { requireFinite } from './require-finite.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/** z = weights · x + biases at the minimum. */
export interface LinearModel {
  /** (outputs × columns) row-major. */
  readonly weights: Float64Array;
  /** (outputs) */
  readonly biases: Float64Array;
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface LinearProblem {
  readonly loss: LinearLoss;
  /** (columns) Coefficient of each wⱼ² in the objective. */
  readonly penalties: Float64Array;
  /** (outputs) Where the biases start, for weights of 0. */
  readonly biases: Float64Array;
  /** Second derivative of the loss by a logit where all classes are equally likely. */
  readonly curvature: number;
}

/** The engine's float32 cannot tell smaller slopes and decreases from rounding; both leave the objective right to 1e-8. */
const coarse = { tolerance: 2e-6, smallestDecrease: 1e-8, noise: 1e-8 };

/**
 * The minimum of loss + Σⱼ penaltyⱼ·wⱼ² over weights and unpenalised biases, by L-BFGS in preconditioned variables.
 * @throws UserError (`not-finite`) naming the first feature that is no finite number.
 */
export async function fitLinearModel(
  source: RowSource,
  problem: LinearProblem,
  options: SolverOptions & LbfgsOptions,
): Promise<LinearModel> {
  const { loss, penalties, biases } = problem;
  const preconditioning = await preconditioningOf(source, penalties, problem.curvature, options);
  const products = createLinearProducts(source, loss, preconditioning, options);
  const size = loss.outputs * source.columns;
  const objective: Objective = async (point, gradient) => {
    const weights = point.slice(0, size);
    toWeights(weights, preconditioning);
    const at = await products.evaluate(weights, point.subarray(size));
    const penalty = addPenalty(at.weights, weights, penalties);
    toPointGradient(at.weights, preconditioning);
    gradient.set(at.weights);
    gradient.set(at.biases, size);
    // Weights of 0 times a feature that is not finite are NaN already where the search starts.
    if (Number.isNaN(at.value)) await requireFinite(source);
    return at.value + penalty;
  };
  const start = new Float64Array(size + loss.outputs);
  start.set(biases, size);
  const limits = products.coarse ? { ...coarse, ...options } : options;
  const minimum = await minimizeLbfgs(objective, start, limits).finally(() => products.dispose());
  return { ...modelAt(minimum.point, size, preconditioning), ...withoutPoint(minimum) };
}

function withoutPoint({ value, iterations, converged }: Awaited<ReturnType<typeof minimizeLbfgs>>) {
  return { loss: value, iterations, converged };
}

/** Σⱼₖ penaltyⱼ·wₖⱼ²; adds its derivatives. */
function addPenalty(gradient: Float64Array, weights: Float64Array, penalties: Float64Array): number {
  let value = 0;
  for (let k = 0; k < weights.length; k++) {
    const slope = 2 * (penalties[k % penalties.length] as number) * (weights[k] as number);
    value += (slope * (weights[k] as number)) / 2;
    (gradient[k] as number) += slope;
  }
  return value;
}

/** Weights on x rather than x − centre. */
function modelAt(point: Float64Array, size: number, preconditioning: Preconditioning) {
  const weights = point.slice(0, size);
  toWeights(weights, preconditioning);
  const { centre } = preconditioning;
  const biases = point
    .slice(size)
    .map((bias, k) => bias - dotRow(centre, 0, weights, k * centre.length, centre.length));
  return { weights, biases };
}
