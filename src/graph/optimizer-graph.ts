import { Graph, type Value } from './graph.ts';
import { add, div, mul } from './operators/arithmetic.ts';
import { reduceSum } from './operators/reductions.ts';
import { sqrt } from './operators/unary.ts';
import type { AdamWOptions } from './optimizer.ts';

/** The tensors that AdamW keeps of each parameter and the gradient it gets, and their names in the graph. */
export const roles = ['weight', 'mean', 'square', 'gradient'] as const;
export type Role = (typeof roles)[number];
export function roleName(role: Role, parameter: string): string {
  return `${role}:${parameter}`;
}

/** Scalars that change from step to step; see {@link stepScalars}. */
const scalarNames = ['size', 'smallest', 'decay'] as const;

export interface OptimizerGraph {
  readonly graph: Graph;
  /** `norm` before clipping, and for each parameter its new weight, mean and square, by {@link roleName}. */
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * One step of `createAdamW` as a graph over parameters of the given shapes: for each, inputs weight, mean, square and
 * gradient. All in float32, so it agrees with the host's float64 arithmetic to rounding.
 */
export function adamWGraph(shapes: ReadonlyMap<string, readonly number[]>, options: AdamWOptions): OptimizerGraph {
  const graph = new Graph();
  const { decays = () => true, maxNorm = Number.POSITIVE_INFINITY } = options;
  const [size, smallest, decay] = scalarNames.map((name) => graph.input(name, [])) as [Value, Value, Value];
  const parameters = [...shapes].map(([name, shape]) => ({
    name,
    inputs: roles.map((role) => graph.input(roleName(role, name), shape)) as [Value, Value, Value, Value],
  }));
  const norm = sqrt(parameters.map(({ inputs: [, , , g] }) => sumOfSquares(g)).reduce((sum, part) => add(sum, part)));
  const outputs: Record<string, Value> = { norm };
  for (const { name, inputs } of parameters) {
    const [weight, mean, square, gradient] = inputs;
    const clipped = maxNorm < Number.POSITIVE_INFINITY ? mul(gradient, clipFactor(norm, maxNorm)) : gradient;
    const [m, v] = moments(mean, square, clipped, options);
    const change = div(mul(m, size), add(sqrt(v), smallest));
    // Not (1 − decay) · weight: near 1 a float32 would round a small decay away.
    const whole = decays(name) ? add(change, mul(weight, decay)) : change;
    outputs[roleName('weight', name)] = graph.emit({ operator: 'Sub', inputs: [weight, whole] }, weight.shape);
    outputs[roleName('mean', name)] = m;
    outputs[roleName('square', name)] = v;
  }
  return { graph, outputs };
}

/** The scalars of step `step` (from 1): p ← p − decay · p − size · m / (√v + smallest), with both bias corrections in them. */
export function stepScalars(step: number, learningRate: number, options: AdamWOptions): Record<string, Float32Array> {
  const { weightDecay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const root = Math.sqrt(1 - beta2 ** step);
  return {
    size: Float32Array.of((learningRate * root) / (1 - beta1 ** step)),
    smallest: Float32Array.of(epsilon * root),
    decay: Float32Array.of(learningRate * weightDecay),
  };
}

function moments(mean: Value, square: Value, g: Value, { beta1 = 0.9, beta2 = 0.999 }: AdamWOptions): [Value, Value] {
  return [add(mul(mean, beta1), mul(g, 1 - beta1)), add(mul(square, beta2), mul(mul(g, g), 1 - beta2))];
}

/** maxNorm / max(norm, maxNorm). */
function clipFactor(norm: Value, maxNorm: number): Value {
  const { graph } = norm;
  const limit = graph.scalar(maxNorm);
  return div(limit, graph.emit({ operator: 'Max', inputs: [norm, limit] }, []));
}

// By rows first: a float32 sum over everything at once would lose digits.
function sumOfSquares(x: Value): Value {
  const squares = mul(x, x);
  return reduceSum(x.shape.length > 1 ? reduceSum(squares, { axes: -1 }) : squares);
}
