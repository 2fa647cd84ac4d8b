import { combine, map } from '../elementwise.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Operand, Value } from '../graph.ts';
import { sumTo } from './reductions.ts';

/** a + b, broadcasting. */
export function add(a: Operand, b: Operand): Value {
  return combine('add', 'Add', a, b);
}

/** a − b, broadcasting. */
export function sub(a: Operand, b: Operand): Value {
  return combine('sub', 'Sub', a, b);
}

/** a · b element by element, broadcasting. */
export function mul(a: Operand, b: Operand): Value {
  return combine('mul', 'Mul', a, b);
}

/** a / b element by element, broadcasting. */
export function div(a: Operand, b: Operand): Value {
  return combine('div', 'Div', a, b);
}

/** −x. */
export function neg(x: Value): Value {
  return map('neg', 'Neg', x);
}

/** The sum of one or more values of equal shape. */
export function addAll(values: readonly Value[]): Value {
  const [first, second] = values as readonly [Value, Value?];
  if (!second) return first;
  if (values.length === 2) return add(first, second);
  return first.graph.emit({ operator: 'Sum', inputs: values }, first.shape);
}

export const arithmeticRules = {
  Add: singleOutputRule((g, inputs) => inputs.map((input) => sumTo(g, input.shape))),
  Sum: singleOutputRule((g, inputs) => inputs.map((input) => sumTo(g, input.shape))),
  Sub: singleOutputRule((g, [a, b]) => [sumTo(g, a.shape), neg(sumTo(g, b.shape))]),
  Mul: singleOutputRule((g, [a, b]) => [sumTo(mul(g, b), a.shape), sumTo(mul(g, a), b.shape)]),
  Div: singleOutputRule((g, [a, b], quotient) => {
    const scaled = div(g, b);
    return [sumTo(scaled, a.shape), neg(sumTo(mul(scaled, quotient), b.shape))];
  }),
  Neg: singleOutputRule((g) => [neg(g)]),
} as const;
