import { type Graph, type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';

/** Cosines and sines of the angles to rotate by: a row per position, a column per rotated pair. */
export interface RotaryTables {
  readonly cosines: Value;
  readonly sines: Value;
  /** Position of each token, int64: (batch, tokens), or (1) where each text starts at this one. */
  readonly positions: Value;
}

/**
 * Rotary position embedding (Su et al. 2021) in the half-split layout: of the last axis of x, (batch, heads, tokens,
 * depth), element i turns with element i + pairs by the i-th angle of its position; elements from 2 · pairs on stay.
 */
export function rotary(x: Value, { cosines, sines, positions }: RotaryTables): Value {
  valuesOf('rotary', [x, cosines, sines]);
  const pairs = cosines.shape.at(-1) as number;
  if (x.shape.length !== 4 || !sameShape(cosines.shape, sines.shape) || 2 * pairs > (x.shape[3] as number)) {
    throw shapeError('rotary', 'shapes', '(batch, heads, tokens, depth) and twice (positions, at most depth / 2)', [
      x.shape,
      cosines.shape,
      sines.shape,
    ]);
  }
  // A rotation's gradient is the opposite rotation.
  return x.graph.composite([x], () => ({
    output: emit(x, cosines, sines, positions),
    rule: (g) => [emit(g, cosines, negative(sines), positions)],
  }));
}

function emit(x: Value, cosines: Value, sines: Value, positions: Value): Value {
  const [, heads, , depth] = x.shape as readonly [number, number, number, number];
  const rotated = 2 * (cosines.shape.at(-1) as number);
  const partial = rotated < depth ? { num_heads: heads, rotary_embedding_dim: rotated } : {};
  const inputs = [x, positions, cosines, sines];
  const spec = { operator: 'RotaryEmbedding', domain: 'com.microsoft', inputs, attributes: partial } as const;
  return x.graph.emit(spec, x.shape);
}

/** The negative of a constant, as a constant, so that no node computes it at run time. */
function negative(value: Value): Value {
  const { graph }: { graph: Graph } = value;
  const constant = graph.constants.get(value.name);
  if (!constant) throw shapeError('rotary', 'sines', 'a constant', [value.shape]);
  return graph.constant(
    Float32Array.from(constant.data as Float32Array, (sine) => -sine),
    value.shape,
  );
}
