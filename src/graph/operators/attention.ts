import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import { add, mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { reduceSum } from './reductions.ts';
import { softmax } from './softmax.ts';

export interface AttentionOptions {
  /** Added to the scores before the softmax, broadcasting to (…, queries, keys): 0 to attend, −1e9 not to. Gets no gradient. */
  readonly mask?: Value;
  /** Factor on the scores. @default 1 / √depth */
  readonly scale?: number;
}

/**
 * softmax(scale · q · kᵀ + mask) · v: (…, queries, depth), (…, keys, depth), (…, keys, depth) → (…, queries, depth).
 * Differentiated as one: the row sums that the softmax's gradient needs are taken over depth instead of keys, since
 * Σ_keys weights · ∂weights = Σ_depth output · ∂output.
 */
export function attention(q: Value, k: Value, v: Value, options: AttentionOptions = {}): Value {
  const { mask, scale = (q.shape.at(-1) as number) ** -0.5 } = options;
  valuesOf('attention', [q, k, v]);
  if (!sameShape(k.shape, v.shape) || !sameShape(q.shape.slice(0, -2), k.shape.slice(0, -2))) {
    throw shapeError('attention', "keys' and values' shapes, and leading axes of all", 'equal', [
      q.shape,
      k.shape,
      v.shape,
    ]);
  }
  return q.graph.composite([q, k, v], () => {
    const scores = matmul(q, k, { transposeB: true, alpha: scale });
    const weights = softmax(mask ? add(scores, mask) : scores);
    const output = matmul(weights, v);
    return { output, rule: (g) => backward(g, { q, k, v, weights, output, scale }) };
  });
}

interface Forward {
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly weights: Value;
  readonly output: Value;
  readonly scale: number;
}

function backward(g: Value, { q, k, v, weights, output, scale }: Forward): readonly Value[] {
  const passed = matmul(g, v, { transposeB: true });
  const rowSums = reduceSum(mul(g, output), { axes: -1, keepDimensions: true });
  const scores = mul(weights, sub(passed, rowSums));
  return [
    matmul(scores, k, { alpha: scale }),
    matmul(scores, q, { transposeA: true, alpha: scale }),
    matmul(weights, g, { transposeA: true }),
  ];
}
