/** ONNX operators that make, cut, join and reorder tensors. */
import { concat, expand, reshape, slice, split, transpose, where } from '../../graph/operators.ts';
import { broadcastShape, sizeOf } from '../../graph/shapes.ts';
import { constantOf, elementAt, generate } from './constants.ts';
import { indexRules, pick } from './index-rules.ts';
import type { NodeContext, Rule } from './node-context.ts';
import { isConstant, isWeight, type Operand } from './operand.ts';

/** The same elements in another shape. */
function reshaped(context: NodeContext, x: Operand, shape: readonly number[]): Operand {
  if (sizeOf(shape) !== sizeOf(x.shape) || shape.some((length) => length < 0)) {
    throw context.fault('shape', `one of as many elements as [${x.shape}]`, shape);
  }
  return isConstant(x) ? constantOf(shape, x.dtype, x.data) : reshape(context.value(x), shape);
}

const reshapeRule: Rule = (context) => {
  const x = context.operand(0);
  const asked = context.known(1);
  const keepsZeros = context.int('allowzero', 0) === 1;
  const shape = asked.map((length, axis) => (length === 0 && !keepsZeros ? (x.shape[axis] ?? 0) : length));
  const rest = sizeOf(shape.filter((length) => length !== -1));
  return reshaped(
    context,
    x,
    shape.map((length) => (length === -1 ? sizeOf(x.shape) / rest : length)),
  );
};

const squeeze: Rule = (context) => {
  const x = context.operand(0);
  const axes = context.integers('axes', 1)?.map((axis) => context.axis(axis, x.shape.length));
  const drop = (length: number, axis: number) => (axes ? axes.includes(axis) : length === 1);
  return reshaped(
    context,
    x,
    x.shape.filter((length, axis) => !drop(length, axis)),
  );
};

const unsqueeze: Rule = (context) => {
  const x = context.operand(0);
  const given = context.integers('axes', 1) ?? [];
  const rank = x.shape.length + given.length;
  const shape = [...x.shape];
  for (const axis of given.map((each) => context.axis(each, rank)).sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return reshaped(context, x, shape);
};

const flatten: Rule = (context) => {
  const x = context.operand(0);
  const given = context.int('axis', 1);
  const axis = given === x.shape.length ? given : context.axis(given, x.shape.length);
  return reshaped(context, x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
};

const transposeRule: Rule = (context) => {
  const x = context.operand(0);
  const given = context.ints('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  const perm = given.map((axis) => context.axis(axis, x.shape.length));
  if (perm.length !== x.shape.length || new Set(perm).size !== perm.length) {
    throw context.fault('attribute "perm"', 'each axis once', given);
  }
  if (isWeight(x) && perm.join() === '1,0') {
    return { ...x, shape: [x.shape[1] as number, x.shape[0] as number], transposed: !x.transposed };
  }
  const shape = perm.map((axis) => x.shape[axis] as number);
  const at = (index: readonly number[]) => perm.map((_, axis) => index[perm.indexOf(axis)] as number);
  const folded = isConstant(x) ? generate(shape, x.dtype, (index) => elementAt(x, at(index))) : undefined;
  return folded ?? transpose(context.value(x), perm);
};

function expanded(context: NodeContext, x: Operand, to: readonly number[]): Operand {
  const shape = broadcastShape(x.shape, to);
  if (!shape) throw context.fault('shape', `one that [${x.shape}] broadcasts to`, to);
  const folded = isConstant(x) ? generate(shape, x.dtype, (index) => elementAt(x, index)) : undefined;
  return folded ?? expand(context.value(x), shape);
}

const tile: Rule = (context) => {
  const x = context.operand(0);
  const repeats = context.known(1);
  if (repeats.length !== x.shape.length) throw context.fault('repeats', 'one per axis', repeats);
  // Each axis as (repeats, length): a broadcast, which needs no gradient rule of its own.
  const apart = reshaped(
    context,
    x,
    x.shape.flatMap((length) => [1, length]),
  );
  const wide = expanded(
    context,
    apart,
    x.shape.flatMap((length, axis) => [repeats[axis] as number, length]),
  );
  return reshaped(
    context,
    wide,
    x.shape.map((length, axis) => length * (repeats[axis] as number)),
  );
};

const concatRule: Rule = (context) => {
  const operands = context.operands;
  const [first] = operands;
  if (!first) throw context.fault('inputs', 'present', 'none');
  const axis = context.axis(context.int('axis', 0), first.shape.length);
  const rest = (shape: readonly number[]) => shape.toSpliced(axis, 1).join();
  if (operands.some(({ shape }) => shape.length !== first.shape.length || rest(shape) !== rest(first.shape))) {
    const got = operands.map(({ shape }) => shape);
    throw context.fault('input shapes', `equal except along axis ${axis}`, got);
  }
  if (operands.every(isConstant)) {
    const lengths = operands.map(({ shape }) => shape[axis] ?? 0);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const folded = generate(first.shape.with(axis, total), first.dtype, (index) => {
      let at = index[axis] as number;
      let part = 0;
      while (at >= (lengths[part] as number)) at -= lengths[part++] as number;
      return elementAt(operands[part] as (typeof operands)[number], index.with(axis, at));
    });
    if (folded) return folded;
  }
  const present = operands.filter(({ shape }) => shape[axis] !== 0);
  return concat(
    present.map((operand) => context.value(operand)),
    axis,
  );
};

const splitRule: Rule = (context) => {
  const x = context.value(context.operand(0));
  const axis = context.axis(context.int('axis', 0), x.shape.length);
  const count = context.int('num_outputs', context.node.outputs.length);
  const length = x.shape[axis] as number;
  const each = Math.ceil(length / count);
  const equal = Array.from({ length: count }, (_, i) => (i < count - 1 ? each : length - each * (count - 1)));
  return split(x, axis, context.integers('split', 1) ?? equal);
};

const sliceRule: Rule = (context) => {
  const x = context.operand(0);
  const [starts, ends] = [context.known(1), context.known(2)];
  const axes = context.optional(3) ? context.known(3) : starts.map((_, axis) => axis);
  const steps = context.optional(4) ? context.known(4) : starts.map(() => 1);
  return axes.reduce<Operand>((part, given, i) => {
    const bounds = [starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1] as const;
    return sliced(context, part, context.axis(given, x.shape.length), bounds);
  }, x);
};

function sliced(context: NodeContext, x: Operand, axis: number, [from, to, step]: readonly [number, number, number]) {
  const length = x.shape[axis] as number;
  if (!Number.isInteger(step) || step === 0) throw context.fault('step', 'a whole number but 0', step);
  const clamp = (at: number) =>
    Math.min(Math.max(at < 0 ? at + length : at, step > 0 ? 0 : -1), step > 0 ? length : length - 1);
  const [start, end] = [clamp(from), clamp(to)];
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (isConstant(x)) {
    const at = (index: readonly number[]) => index.with(axis, start + step * (index[axis] as number));
    const folded = generate(x.shape.with(axis, count), x.dtype, (index) => elementAt({ ...x }, at(index)));
    if (folded) return x.shape[axis] === 1 && count === 1 ? x : folded;
  }
  if (count === length && step === 1) return x;
  if (count === 0) throw context.fault('part', 'at least one element', `${from} to ${to} of ${length}`);
  if (step === 1) return slice(context.value(x), axis, start, end);
  const positions = Float64Array.from({ length: count }, (_, i) => start + step * i);
  return pick(context, x, constantOf([count], 'int64', positions), axis);
}

const range: Rule = (context) => {
  const [start, limit, step] = [0, 1, 2].map((i) => context.known(i)[0] ?? 0) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= longestRange)) throw context.fault('length', `at most ${longestRange}`, count);
  const { dtype } = context.operand(0);
  return constantOf(
    [count],
    dtype,
    Float64Array.from({ length: count }, (_, i) => start + step * i),
  );
};

const longestRange = 1 << 22;

const constantOfShape: Rule = (context) => {
  const value = context.tensor('value') ?? constantOf([1], 'float32', [0]);
  return expanded(context, constantOf([], value.dtype, value.data.slice(0, 1)), context.known(0));
};

const constant: Rule = (context) => {
  const tensor = context.tensor('value');
  if (tensor) return tensor;
  const [floats, ints] = [context.floats('value_floats'), context.ints('value_ints')];
  if (floats) return constantOf([floats.length], 'float32', floats);
  if (ints) return constantOf([ints.length], 'int64', ints);
  const [float, int] = [context.float('value_float', Number.NaN), context.int('value_int', Number.NaN)];
  if (!Number.isNaN(float)) return constantOf([], 'float32', [float]);
  if (!Number.isNaN(int)) return constantOf([], 'int64', [int]);
  throw context.fault('value', 'a tensor, or numbers', 'neither');
};

const shapeRule: Rule = (context) => {
  const { shape } = context.operand(0);
  const part = shape.slice(context.int('start', 0), context.int('end', shape.length));
  return constantOf([part.length], 'int64', part);
};

/** The upper or lower triangle of the last two axes, zeros elsewhere. */
const trilu: Rule = (context) => {
  const x = context.operand(0);
  const upper = context.int('upper', 1) === 1;
  const k = context.optional(1) ? (context.known(1)[0] ?? 0) : 0;
  const inside = ([row, column]: readonly number[]) =>
    upper ? (column as number) - (row as number) >= k : (column as number) - (row as number) <= k;
  const folded = isConstant(x)
    ? generate(x.shape, x.dtype, (index) => (inside(index.slice(-2)) ? elementAt(x, index) : 0))
    : undefined;
  if (folded) return folded;
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const flags = Float64Array.from({ length: rows * columns }, (_, i) =>
    Number(inside([Math.floor(i / columns), i % columns])),
  );
  const mask = context.value(constantOf([rows, columns], 'bool', flags));
  if (x.dtype === 'float32') return where(mask, context.value(x), 0);
  return context.emit('Where', [mask, x, constantOf([], x.dtype, [0])], x.shape, x.dtype);
};

const first: Rule = (context) => context.operand(0);

export const shapeRules: Readonly<Record<string, Rule>> = {
  ...indexRules,
  Reshape: reshapeRule,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Transpose: transposeRule,
  Expand: (context) => expanded(context, context.operand(0), context.known(1)),
  Tile: tile,
  Concat: concatRule,
  Split: splitRule,
  Slice: sliceRule,
  Range: range,
  ConstantOfShape: constantOfShape,
  Constant: constant,
  Shape: shapeRule,
  Size: (context) => constantOf([], 'int64', [sizeOf(context.operand(0).shape)]),
  Trilu: trilu,
  Identity: first,
  // At inference nothing is dropped.
  Dropout: first,
};
