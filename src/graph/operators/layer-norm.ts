import type { GradientRule } from '../gradient-rule.ts';
import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import { mul, sub } from './arithmetic.ts';
import { reduceMean, sumTo } from './reductions.ts';

/** (x − mean) / √(variance + epsilon) · scale + shift over the last axis (length d); scale and shift are (d). */
export function layerNorm(x: Value, scale: Value, shift: Value, epsilon = 1e-5): Value {
  valuesOf('layerNorm', [x, scale, shift]);
  const width = x.shape.slice(-1);
  if (!sameShape(scale.shape, width) || !sameShape(shift.shape, width)) {
    throw shapeError('layerNorm', "scale's and shift's shape", `(${width.join()})`, [
      x.shape,
      scale.shape,
      shift.shape,
    ]);
  }
  const row = [...x.shape.slice(0, -1), 1];
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const outputs = x.graph.emitAll({ operator: 'LayerNormalization', inputs: [x, scale, shift], attributes }, [
    x.shape,
    row,
    row,
  ]);
  return outputs[0] as Value;
}

// With x̂ = (x − mean) · r and d = g · scale: ∂x = r · (d − mean(d) − x̂ · mean(d · x̂)).
const layerNormRule: GradientRule = ({ inputs, outputs }, [g]) => {
  if (!g) return [];
  const [x, scale, shift] = inputs as readonly [Value, Value, Value];
  const [, mean, inverseDeviation] = outputs as readonly [Value, Value, Value];
  const normalized = mul(sub(x, mean), inverseDeviation);
  const d = mul(g, scale);
  const meanOf = (value: Value) => reduceMean(value, { axes: -1, keepDimensions: true });
  const centred = sub(sub(d, meanOf(d)), mul(normalized, meanOf(mul(d, normalized))));
  return [mul(centred, inverseDeviation), sumTo(mul(g, normalized), scale.shape), sumTo(g, shift.shape)];
};

export const layerNormRules = { LayerNormalization: layerNormRule } as const;
