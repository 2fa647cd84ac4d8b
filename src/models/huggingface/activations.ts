import { z } from 'zod';
import type { Value } from '../../graph/graph.ts';
import { tanhGelu } from '../../graph/operators/tanh-gelu.ts';
import { gelu, mul, relu, sigmoid, tanh } from '../../graph/operators.ts';

/** Activation functions by their names in configs. The names of GELU differ in how the tanh form is written down only. */
const activations = {
  gelu,
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  relu,
  silu: (x: Value) => mul(x, sigmoid(x)),
  swish: (x: Value) => mul(x, sigmoid(x)),
  tanh,
} as const satisfies Record<string, (x: Value) => Value>;

export type Activation = keyof typeof activations;

/** Of a config's key. */
export const activationName = z.enum(Object.keys(activations) as [Activation, ...Activation[]]);

/** Applies an activation function by its name. */
export function activate(name: Activation, x: Value): Value {
  return activations[name](x);
}
