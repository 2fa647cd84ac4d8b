import { type Value, valuesOf } from '../graph.ts';
import { mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { reduceMean, reduceSum, sumTo } from './reductions.ts';
import { reshape } from './reshape.ts';

/** Parameters of a normalization over the last axis (length k). */
export interface NormWeights {
  /** (k) */
  readonly scale: Value;
  /** (k) */
  readonly shift: Value;
  /** @default 1e-5 */
  readonly epsilon?: number;
}

/**
 * `linear(layerNorm(x, scale, shift), w, b)` for x (rows, k), w (k, n), b (n) in fewer passes over the rows. With x̂ the
 * normalized rows and W' = scale ⊙ w minus its column means, the result is x̂ · W' + (shift · w + b): the affine part is
 * folded into the weight, and since x̂ has mean 0, centring W' changes nothing forward but makes ∂x̂ = g · W'ᵀ centred, so
 * that ∂x = (∂x̂ − x̂ · mean(∂x̂ · x̂)) / √(variance + epsilon). Worth it where rows outnumber k.
 */
export function normLinear(x: Value, norm: NormWeights, w: Value, b: Value): Value {
  const { scale, shift, epsilon = 1e-5 } = norm;
  valuesOf('normLinear', [x, scale, shift, w, b]);
  const { graph } = x;
  const [rows, k] = x.shape as readonly [number, number];
  const n = w.shape[1] as number;
  return graph.composite([x, scale, shift, w, b], () => {
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    const inputs = [x, graph.filled(1, [k]), graph.filled(0, [k])];
    const row = [rows, 1];
    const normalized = graph.emitAll({ operator: 'LayerNormalization', inputs, attributes }, [x.shape, row, row]);
    const [unit, , inverse] = normalized as readonly [Value, Value, Value];
    const column = reshape(scale, [k, 1]);
    const scaled = mul(w, column);
    const centred = sub(scaled, matmul(graph.filled(1 / k, [1, k]), scaled));
    const bias = graph.emit({ operator: 'Gemm', inputs: [reshape(shift, [1, k]), w, b] }, [1, n]);
    const output = graph.emit({ operator: 'Gemm', inputs: [unit, centred, bias] }, [rows, n]);
    return { output, rule: (g) => backward(g, { unit, inverse, centred, column, shift, w }) };
  });
}

interface Forward {
  readonly unit: Value;
  readonly inverse: Value;
  readonly centred: Value;
  /** The scale as (k, 1). */
  readonly column: Value;
  readonly shift: Value;
  readonly w: Value;
}

/** Gradients of x, scale, shift, w, b. */
function backward(g: Value, { unit, inverse, centred, column, shift, w }: Forward): readonly Value[] {
  const [k, n] = w.shape as readonly [number, number];
  const sums = reshape(sumTo(g, [n]), [1, n]);
  const products = matmul(unit, g, { transposeA: true });
  const flow = matmul(g, centred, { transposeB: true });
  const along = reduceMean(mul(flow, unit), { axes: -1, keepDimensions: true });
  const outer = [reshape(shift, [k, 1]), sums, mul(products, column)];
  return [
    mul(sub(flow, mul(unit, along)), inverse),
    reduceSum(mul(products, w), { axes: -1 }),
    reshape(matmul(sums, w, { transposeB: true }), [k]),
    g.graph.emit({ operator: 'Gemm', inputs: outer }, [k, n]),
    reshape(sums, [n]),
  ];
}
