import { type Value, valuesOf } from '../graph.ts';
import { add, mul, sub } from './arithmetic.ts';
import { tanh } from './unary.ts';

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2: the approximation of GELU that GPT-2 was trained with. */
export function tanhGelu(x: Value): Value {
  valuesOf('tanhGelu', [x]);
  return x.graph.composite([x], () => ({
    output: x.graph.emit({ operator: 'Gelu', inputs: [x], attributes: { approximate: 'tanh' } }, x.shape),
    rule: (g) => [mul(g, derivative(x))],
  }));
}

// With t = tanh(u), u = slope · x · (1 + cubic · x²): (1 + t) / 2 · (1 + x · (1 − t) · u′), u′ = slope · (1 + 3 · cubic · x²).
function derivative(x: Value): Value {
  const square = mul(x, x);
  const t = tanh(mul(x, add(mul(square, slope * cubic), slope)));
  const steepness = mul(x, add(mul(square, 3 * slope * cubic), slope));
  return mul(mul(add(t, 1), 0.5), add(mul(sub(1, t), steepness), 1));
}
