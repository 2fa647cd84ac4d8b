import { combine } from '../elementwise.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Operand, Value } from '../graph.ts';
import { mul, sub } from './arithmetic.ts';
import { sumTo } from './reductions.ts';
import { log } from './unary.ts';

/** x to the power `exponent` element by element, broadcasting. The gradient of an exponent needs x above 0. */
export function pow(x: Value, exponent: Operand): Value {
  return combine('pow', 'Pow', x, exponent);
}

export const powRules = {
  Pow: singleOutputRule((g, [x, exponent], y) => [
    sumTo(mul(g, mul(exponent, pow(x, sub(exponent, 1)))), x.shape),
    sumTo(mul(g, mul(y, log(x))), exponent.shape),
  ]),
} as const;
