/** ONNX operators that layers of networks are made of: products, norms, activations, reductions, convolutions. */
import type { Value } from '../../graph/graph.ts';
import { tanhGelu } from '../../graph/operators/tanh-gelu.ts';
import {
  add,
  conv,
  gelu,
  layerNorm,
  logSoftmax,
  matmul,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  softmax,
  sqrt,
  transpose,
} from '../../graph/operators.ts';
import { sizeOf } from '../../graph/shapes.ts';
import { elementAt, generate } from './constants.ts';
import type { NodeContext, Rule } from './node-context.ts';
import { type Constant, isConstant, isWeight, type Operand } from './operand.ts';

const matmulRule: Rule = (context) => {
  const [a, b] = [context.operand(0), context.operand(1)];
  if (isWeight(b) && b.shape.length === 2 && a.shape.length >= 2) {
    requireEqual(context, a.shape.at(-1), b.shape[0]);
    const shape = [...a.shape.slice(0, -1), b.shape[1] as number];
    return { kind: 'product', x: context.value(a), weight: b, shape, dtype: 'float32' };
  }
  const [x, y] = [context.value(a), context.value(b)];
  // A vector is a row on the left and a column on the right, and its added axis goes away again.
  const left = x.shape.length === 1 ? reshape(x, [1, -1]) : x;
  const right = y.shape.length === 1 ? reshape(y, [-1, 1]) : y;
  const product = matmul(left, right);
  const shape = product.shape.filter((_, axis) => {
    const fromEnd = product.shape.length - axis;
    return !(fromEnd === 1 && right !== y) && !(fromEnd === 2 && left !== x);
  });
  return reshape(product, shape);
};

function requireEqual(context: NodeContext, got: number | undefined, wanted: number | undefined): void {
  if (got !== wanted) throw context.fault("first operand's last dimension", `${wanted}, as the second's first`, got);
}

const gemm: Rule = (context) => {
  const [a, b, c] = [context.operand(0), context.operand(1), context.optional(2)];
  const [alpha, beta] = [context.float('alpha', 1), context.float('beta', 1)];
  const [transposeA, transposeB] = [context.int('transA', 0) !== 0, context.int('transB', 0) !== 0];
  const x = context.value(a);
  const asBias = c && isWeight(c) && c.shape.length === 1 && beta === 1 ? c : undefined;
  if (isWeight(b) && b.shape.length === 2 && alpha === 1 && !transposeA) {
    const transposed = b.transposed !== transposeB;
    const [inputs, outputs] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
    requireEqual(context, x.shape.at(-1), inputs);
    const bias = asBias?.shape[0] === outputs ? asBias : undefined;
    const y = context.target.layers.linear(x, b.name, { transposed, ...(bias && { bias: bias.name }) });
    return c && !bias ? add(y, scaled(context.value(c), beta)) : y;
  }
  const y = matmul(x, context.value(b), { transposeA, transposeB, alpha });
  return c ? add(y, scaled(context.value(c), beta)) : y;
};

function scaled(x: Value, factor: number): Value {
  return factor === 1 ? x : mul(x, factor);
}

/** A function along the last axis, applied along another by exchanging the two. */
function alongAxis(apply: (x: Value) => Value): Rule {
  return (context) => {
    const x = context.value(context.operand(0));
    const rank = x.shape.length;
    const axis = context.axis(context.int('axis', context.opset < 13 ? 1 : -1), rank);
    if (axis === rank - 1) return apply(x);
    if (context.opset < 13)
      throw context.fault('axis', 'the last one in this operator set', axis, 'Export with a later opset');
    const order = x.shape.map((_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
    return transpose(apply(transpose(x, order)), order);
  };
}

const layerNormRule: Rule = (context) => {
  const x = context.value(context.operand(0));
  const axis = context.axis(context.int('axis', -1), x.shape.length);
  if (axis !== x.shape.length - 1)
    throw context.fault('axis', 'the last one', axis, 'Export with a norm over one axis');
  const scale = context.value(context.operand(1));
  const bias = context.optional(2);
  const shift = bias ? context.value(bias) : context.graph.filled(0, scale.shape);
  return layerNorm(x, scale, shift, context.float('epsilon', 1e-5));
};

type Reduction = (x: Value, options: { axes: readonly number[]; keepDimensions: boolean }) => Value;

/** A reduction of floats, with its counterpart for numbers known while building and the operator for integers. */
function reduction(
  operator: string,
  reduce: Reduction | undefined,
  fold?: (numbers: readonly number[]) => number,
): Rule {
  return (context) => {
    const x = context.operand(0);
    const given = context.integers('axes', 1) ?? [];
    if (given.length === 0 && context.int('noop_with_empty_axes', 0) === 1) return x;
    const all = x.shape.map((_, axis) => axis);
    const axes = given.length === 0 ? all : given.map((axis) => context.axis(axis, x.shape.length));
    const keepDimensions = context.int('keepdims', 1) === 1;
    const folded = isConstant(x) && fold ? foldReduction(x, axes, keepDimensions, fold) : undefined;
    if (folded) return folded;
    if (x.dtype === 'float32' && reduce) return reduce(context.value(x), { axes, keepDimensions });
    const inputs = [context.value(x), context.graph.integers(axes)];
    const attributes = { keepdims: keepDimensions ? 1 : 0 };
    return context.emit(operator, inputs, reducedShape(x.shape, axes, keepDimensions), x.dtype, attributes);
  };
}

function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): readonly number[] {
  return shape.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length]));
}

function foldReduction(
  x: Constant,
  axes: readonly number[],
  keep: boolean,
  fold: (numbers: readonly number[]) => number,
) {
  const groups = new Map<string, number[]>();
  const key = (index: readonly number[]) => index.map((at, axis) => (axes.includes(axis) ? 0 : at)).join();
  const filled = generate(x.shape, x.dtype, (index) => {
    const value = elementAt(x, index);
    groups.set(key(index), [...(groups.get(key(index)) ?? []), value]);
    return value;
  });
  if (!filled || sizeOf(x.shape) === 0 || sizeOf(x.shape) > 1024) return undefined;
  const kept = generate(reducedShape(x.shape, axes, true), x.dtype, (index) => fold(groups.get(index.join()) ?? []));
  return kept && { ...kept, shape: reducedShape(x.shape, axes, keep) };
}

const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const convRule: Rule = (context) => {
  const [x, w, b] = [context.operand(0), context.operand(1), context.optional(2)];
  const padding = context.text('auto_pad', 'NOTSET');
  const next = 'Export with explicit pads and without groups';
  if (padding !== 'NOTSET' && padding !== 'VALID') throw context.fault('auto_pad', 'NOTSET', padding, next);
  if (context.int('group', 1) !== 1) throw context.fault('group', '1', context.int('group', 1), next);
  const [strides, dilations, pads] = [context.ints('strides'), context.ints('dilations'), context.ints('pads')];
  const options = { ...(strides && { strides }), ...(dilations && { dilations }), ...(pads && { pads }) };
  return conv(context.value(x), context.value(w), b && context.value(b), options);
};

const geluRule: Rule = (context) => {
  const x = context.value(context.operand(0));
  return context.text('approximate', 'none') === 'tanh' ? tanhGelu(x) : gelu(x);
};

const firstValue = (context: NodeContext): Value => context.value(context.operand(0) as Operand);
const square = (x: Value): Value => mul(x, x);

export const layerRules: Readonly<Record<string, Rule>> = {
  MatMul: matmulRule,
  Gemm: gemm,
  Softmax: alongAxis(softmax),
  LogSoftmax: alongAxis(logSoftmax),
  LayerNormalization: layerNormRule,
  Gelu: geluRule,
  'com.microsoft.Gelu': geluRule,
  'com.microsoft.FastGelu': (context) => tanhGelu(firstValue(context)),
  Swish: (context) => {
    const x = firstValue(context);
    return mul(x, sigmoid(mul(x, context.float('alpha', 1))));
  },
  Conv: convRule,
  ReduceSum: reduction('ReduceSum', reduceSum, total),
  ReduceMean: reduction('ReduceMean', reduceMean, (numbers) => total(numbers) / numbers.length),
  ReduceMax: reduction('ReduceMax', reduceMax, (numbers) => Math.max(...numbers)),
  ReduceMin: reduction(
    'ReduceMin',
    (x, options) => neg(reduceMax(neg(x), options)),
    (numbers) => Math.min(...numbers),
  ),
  ReduceSumSquare: reduction('ReduceSumSquare', (x, options) => reduceSum(square(x), options)),
  ReduceL2: reduction('ReduceL2', (x, options) => sqrt(reduceSum(square(x), options))),
  ReduceProd: reduction('ReduceProd', undefined, (numbers) => numbers.reduce((a, b) => a * b, 1)),
};
