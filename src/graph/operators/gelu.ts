import { singleOutputRule } from '../gradient-rule.ts';
import { type Value, valuesOf } from '../graph.ts';
import { add, mul, sub } from './arithmetic.ts';
import { exp } from './unary.ts';

/** x · Φ(x), Φ the standard normal distribution function (the exact form, not the tanh approximation). */
export function gelu(x: Value): Value {
  valuesOf('gelu', [x]);
  return x.graph.emit({ operator: 'Gelu', inputs: [x] }, x.shape);
}

export const geluRules = {
  // Φ(x) + x φ(x) with Φ(x) = (1 + erf t) / 2, φ(x) = exp(−t² − ln √2π), t = x / √2.
  Gelu: singleOutputRule((g, [x]) => {
    const t = mul(x, Math.SQRT1_2);
    const density = exp(sub(-0.5 * Math.log(2 * Math.PI), mul(t, t)));
    return [mul(g, add(distribution(t), mul(x, density)))];
  }),
} as const;

// HardSigmoid is clip(alpha · z + beta, 0, 1): here half of one plus the error function, in one pass over memory.
function distribution(t: Value): Value {
  const erf = t.graph.emit({ operator: 'Erf', inputs: [t] }, t.shape);
  const attributes = { alpha: { float: 0.5 }, beta: { float: 0.5 } };
  return t.graph.emit({ operator: 'HardSigmoid', inputs: [erf], attributes }, t.shape);
}
