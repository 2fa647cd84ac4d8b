import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import { mul, sub } from './arithmetic.ts';
import { reduceMean, sumTo } from './reductions.ts';

/** x / √(mean(x²) + epsilon) · scale over the last axis (length d); scale is (d). */
export function rmsNorm(x: Value, scale: Value, epsilon: number): Value {
  valuesOf('rmsNorm', [x, scale]);
  if (!sameShape(scale.shape, x.shape.slice(-1))) {
    throw shapeError('rmsNorm', "scale's shape", `(${x.shape.at(-1)})`, [x.shape, scale.shape]);
  }
  return x.graph.composite([x, scale], () => {
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    // ONNX Runtime's own operator in the default domain: ONNX has an RMS norm only from operator set 23 on.
    const [output, inverse] = x.graph.emitAll(
      { operator: 'SimplifiedLayerNormalization', inputs: [x, scale], attributes },
      [x.shape, [...x.shape.slice(0, -1), 1]],
    ) as [Value, Value];
    return { output, rule: (g) => backward(g, x, scale, inverse) };
  });
}

// With r = 1 / √(mean(x²) + epsilon), x̂ = x · r and d = g · scale: ∂x = r · (d − x̂ · mean(d · x̂)).
function backward(g: Value, x: Value, scale: Value, inverse: Value): readonly Value[] {
  const normalized = mul(x, inverse);
  const d = mul(g, scale);
  const share = reduceMean(mul(d, normalized), { axes: -1, keepDimensions: true });
  return [mul(sub(d, mul(normalized, share)), inverse), sumTo(mul(g, normalized), scale.shape)];
}
