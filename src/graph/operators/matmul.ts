import { singleOutputRule } from '../gradient-rule.ts';
import { type Attribute, type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { broadcastShape, sameShape } from '../shapes.ts';
import { mul } from './arithmetic.ts';
import { sumTo } from './reductions.ts';
import { reshape } from './reshape.ts';

export interface MatmulOptions {
  /** Take the last two axes of a (of b) in exchanged order, without copying. @default false */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** A factor on the product. @default 1 */
  readonly alpha?: number;
}

/**
 * alpha · op(a) · op(b) over the last two axes, (…, m, k) · (…, k, n) → (…, m, n); leading axes broadcast.
 * Matrices run as Gemm, batches as FusedMatMul, both of which take transposed operands as they lie; a batch times
 * one matrix folds the batch into the rows.
 */
export function matmul(a: Value, b: Value, options: MatmulOptions = {}): Value {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  valuesOf('matmul', [a, b]);
  const shape = matmulShape(a, b, transposeA, transposeB);
  if (a.shape.length > 2 && b.shape.length === 2 && !transposeA) {
    return reshape(matmul(rowsOf(a), b, options), shape);
  }
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: alpha } };
  if (shape.length === 2) return a.graph.emit({ operator: 'Gemm', inputs: [a, b], attributes }, shape);
  return a.graph.emit({ operator: 'FusedMatMul', domain: 'com.microsoft', inputs: [a, b], attributes }, shape);
}

/** x · w + b over the last axis of x, as one Gemm: (…, k) · (k, n) + (n) → (…, n). Without `b`, no bias. */
export function linear(x: Value, w: Value, b?: Value): Value {
  valuesOf('linear', b ? [x, w, b] : [x, w]);
  const [k, n] = w.shape as readonly [number, number];
  if (w.shape.length !== 2 || x.shape.at(-1) !== k) {
    throw shapeError('linear', "input's last and weight's first dimension", 'equal', [x.shape, w.shape]);
  }
  if (b && !sameShape(b.shape, [n])) {
    throw shapeError('linear', "bias (second) and weight's (first) last dimension", 'equal', [w.shape, b.shape]);
  }
  const rows = rowsOf(x);
  const y = x.graph.emit({ operator: 'Gemm', inputs: b ? [rows, w, b] : [rows, w] }, [rows.shape[0] as number, n]);
  return reshape(y, [...x.shape.slice(0, -1), n]);
}

const productRule = singleOutputRule((g, [a, b, c], _, { attributes }) => {
  const ta = attributes.transA === 1;
  const tb = attributes.transB === 1;
  const alpha = floatOf(attributes.alpha, 1);
  const gradientA = ta
    ? matmul(b, g, { transposeA: tb, transposeB: true, alpha })
    : matmul(g, b, { transposeB: !tb, alpha });
  const gradientB = tb
    ? matmul(g, a, { transposeA: true, transposeB: ta, alpha })
    : matmul(a, g, { transposeA: !ta, alpha });
  return [
    sumTo(gradientA, a.shape),
    sumTo(gradientB, b.shape),
    c && scaled(sumTo(g, c.shape), floatOf(attributes.beta, 1)),
  ];
});

export const matmulRules = { Gemm: productRule, FusedMatMul: productRule } as const;

function matmulShape(a: Value, b: Value, transposeA: boolean, transposeB: boolean): readonly number[] {
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (a.shape.length < 2 || b.shape.length < 2 || !batch) {
    throw shapeError('matmul', 'operands', 'matrices or batches of matrices that broadcast', [a.shape, b.shape]);
  }
  const [m, k] = lastTwo(a, transposeA);
  const [l, n] = lastTwo(b, transposeB);
  if (k !== l) throw shapeError('matmul', 'inner dimensions', 'equal', [a.shape, b.shape], transposeHint);
  return [...batch, m, n];
}

const transposeHint = 'Mind that transposeA and transposeB exchange the last two axes';

function lastTwo(value: Value, transposed: boolean): readonly [number, number] {
  const [rows, columns] = value.shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

/** (…, k) as (rows, k). */
function rowsOf(x: Value): Value {
  return reshape(x, [-1, x.shape.at(-1) as number]);
}

function floatOf(attribute: Attribute | undefined, otherwise: number): number {
  return typeof attribute === 'object' && 'float' in attribute ? attribute.float : otherwise;
}

function scaled(x: Value, factor: number): Value {
  return factor === 1 ? x : mul(x, factor);
}
