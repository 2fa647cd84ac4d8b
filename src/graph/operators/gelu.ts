import { singleOutputRule } from '../gradient-rule.ts';
import { type Value, valuesOf } from '../graph.ts';
import { add, mul, neg } from './arithmetic.ts';
import { exp } from './unary.ts';

/** x · Φ(x), Φ the standard normal distribution function (the exact form, not the tanh approximation). */
export function gelu(x: Value): Value {
  valuesOf('gelu', [x]);
  return x.graph.emit({ operator: 'Gelu', inputs: [x] }, x.shape);
}

export const geluRules = {
  // Φ(x) + x φ(x) with t = x / √2: (1 + erf t) / 2 + t e^(−t²) / √π.
  Gelu: singleOutputRule((g, [x]) => {
    const t = mul(x, Math.SQRT1_2);
    const erf = x.graph.emit({ operator: 'Erf', inputs: [t] }, x.shape);
    const density = mul(mul(t, 1 / Math.sqrt(Math.PI)), exp(neg(mul(t, t))));
    return [mul(g, add(add(mul(erf, 0.5), 0.5), density))];
  }),
} as const;
