import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import { add, addAll, mul, sub } from './arithmetic.ts';
import { concat } from './concat.ts';
import { matmul } from './matmul.ts';
import { reduceSum } from './reductions.ts';
import { slice } from './slice.ts';
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

/** Shorter blocks of queries would spend on copies what they save in products. */
const queriesPerBlock = 64;
const mostBlocks = 4;

/**
 * {@link attention} of a sequence to itself where no query sees a later key: (…, tokens, depth) thrice, with such a
 * `mask` of (tokens, tokens). From 128 tokens on the queries are cut into up to 4 blocks, each of which meets only the
 * keys that some of it may see: 25 % less work with 2 blocks, 37 % with 4.
 */
export function causalAttention(q: Value, k: Value, v: Value, { mask, scale }: CausalOptions): Value {
  const tokens = q.shape.at(-2) as number;
  const count = Math.min(mostBlocks, Math.floor(tokens / queriesPerBlock));
  const given = scale === undefined ? {} : { scale };
  if (count < 2 || k.shape.at(-2) !== tokens) return attention(q, k, v, { mask, ...given });
  const factor = scale ?? (q.shape.at(-1) as number) ** -0.5;
  const ends = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * tokens) / count));
  return q.graph.composite([q, k, v], () => {
    const blocks = ends.map((end, i) => blockOf({ q, k, v, mask, scale: factor }, ends[i - 1] ?? 0, end));
    const output = concat(
      blocks.map((block) => block.output),
      -2,
    );
    return { output, rule: (g) => blocksBackward(g, blocks) };
  });
}

export interface CausalOptions {
  readonly mask: Value;
  /** @default 1 / √depth */
  readonly scale?: number;
}

interface Block extends Forward {
  readonly start: number;
  readonly end: number;
}

/** Queries from `start` to `end` on the keys before `end`. */
function blockOf(whole: Pick<Forward, 'q' | 'k' | 'v' | 'scale'> & CausalOptions, start: number, end: number): Block {
  const { scale } = whole;
  const q = slice(whole.q, -2, start, end);
  const [k, v] = [slice(whole.k, -2, 0, end), slice(whole.v, -2, 0, end)];
  const mask = slice(slice(whole.mask, 0, start, end), 1, 0, end);
  const weights = softmax(add(matmul(q, k, { transposeB: true, alpha: scale as number }), mask));
  return { start, end, q, k, v, weights, output: matmul(weights, v), scale: scale as number };
}

function blocksBackward(g: Value, blocks: readonly Block[]): readonly Value[] {
  const flows = blocks.map((block) => backward(slice(g, -2, block.start, block.end), block));
  const queries = flows.map(([q]) => q as Value);
  return [
    concat(queries, -2),
    sumOfPrefixes(
      flows.map(([, k]) => k as Value),
      blocks,
    ),
    sumOfPrefixes(
      flows.map(([, , v]) => v as Value),
      blocks,
    ),
  ];
}

/** Gradients of the keys before each block's end as one of all keys. */
function sumOfPrefixes(prefixes: readonly Value[], blocks: readonly Block[]): Value {
  const segments = blocks.map(({ start, end }, i) =>
    addAll(prefixes.slice(i).map((part) => slice(part, -2, start, end))),
  );
  return concat(segments, -2);
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
