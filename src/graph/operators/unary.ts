import { map } from '../elementwise.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { div, mul, neg, sub } from './arithmetic.ts';

/** eˣ. */
export function exp(x: Value): Value {
  return map('exp', 'Exp', x);
}

/** Natural logarithm. */
export function log(x: Value): Value {
  return map('log', 'Log', x);
}

/** √x. */
export function sqrt(x: Value): Value {
  return map('sqrt', 'Sqrt', x);
}

/** Hyperbolic tangent. */
export function tanh(x: Value): Value {
  return map('tanh', 'Tanh', x);
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Value): Value {
  return map('sigmoid', 'Sigmoid', x);
}

/** log(1 + eˣ), without overflow. */
export function softplus(x: Value): Value {
  return map('softplus', 'Softplus', x);
}

/** max(x, 0); its gradient at 0 is 0. */
export function relu(x: Value): Value {
  return map('relu', 'Relu', x);
}

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
export function erf(x: Value): Value {
  return map('erf', 'Erf', x);
}

/** Sine and cosine of radians. */
export function sin(x: Value): Value {
  return map('sin', 'Sin', x);
}

export function cos(x: Value): Value {
  return map('cos', 'Cos', x);
}

/** |x|; its gradient at 0 is 0. */
export function abs(x: Value): Value {
  return map('abs', 'Abs', x);
}

export const unaryRules = {
  Erf: singleOutputRule((g, [x]) => [mul(g, mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))))]),
  Sin: singleOutputRule((g, [x]) => [mul(g, cos(x))]),
  Cos: singleOutputRule((g, [x]) => [neg(mul(g, sin(x)))]),
  Abs: singleOutputRule((g, [x]) => [mul(g, map('abs', 'Sign', x))]),
  Exp: singleOutputRule((g, _, y) => [mul(g, y)]),
  Log: singleOutputRule((g, [x]) => [div(g, x)]),
  Sqrt: singleOutputRule((g, _, y) => [div(g, mul(y, 2))]),
  Tanh: singleOutputRule((g, _, y) => [mul(g, sub(1, mul(y, y)))]),
  Sigmoid: singleOutputRule((g, _, y) => [mul(g, mul(y, sub(1, y)))]),
  Softplus: singleOutputRule((g, [x]) => [mul(g, sigmoid(x))]),
  // The sign of a rectified value is its derivative.
  Relu: singleOutputRule((g, _, y) => [mul(g, map('relu', 'Sign', y))]),
} as const;
