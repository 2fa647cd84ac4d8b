import { singleOutputRule } from '../gradient-rule.ts';
import { type Value, valuesOf } from '../graph.ts';
import { mul, sub } from './arithmetic.ts';
import { reduceSum } from './reductions.ts';
import { exp } from './unary.ts';

/** eˣ / Σ eˣ over the last axis, without overflow. */
export function softmax(x: Value): Value {
  valuesOf('softmax', [x]);
  return x.graph.emit({ operator: 'Softmax', inputs: [x], attributes: { axis: -1 } }, x.shape);
}

/** log(softmax(x)) over the last axis, without underflow. */
export function logSoftmax(x: Value): Value {
  valuesOf('logSoftmax', [x]);
  return x.graph.emit({ operator: 'LogSoftmax', inputs: [x], attributes: { axis: -1 } }, x.shape);
}

export const softmaxRules = {
  Softmax: singleOutputRule((g, _, y) => {
    const weighted = mul(g, y);
    return [sub(weighted, mul(y, rowSums(weighted)))];
  }),
  LogSoftmax: singleOutputRule((g, _, y) => [sub(g, mul(exp(y), rowSums(g)))]),
} as const;

function rowSums(x: Value): Value {
  return reduceSum(x, { axes: -1, keepDimensions: true });
}
