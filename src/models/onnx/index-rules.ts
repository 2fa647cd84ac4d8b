/** ONNX operators that look up and write at indices. */
import { gather, gatherElements } from '../../graph/operators.ts';
import { constantOf, elementAt, generate } from './constants.ts';
import type { NodeContext, Rule } from './node-context.ts';
import { type Constant, isConstant, type Operand } from './operand.ts';

/** What lies at `indices` along an axis; negative ones count from the end. */
export function pick(context: NodeContext, x: Operand, indices: Operand, axis: number): Operand {
  const length = x.shape[axis] as number;
  const fromStart = isConstant(indices) ? fromTheStart(context, indices, length) : indices;
  if (isConstant(x) && isConstant(fromStart)) {
    const count = fromStart.shape.length;
    const shape = [...x.shape.slice(0, axis), ...fromStart.shape, ...x.shape.slice(axis + 1)];
    const folded = generate(shape, x.dtype, (index) => {
      const at = elementAt(fromStart, index.slice(axis, axis + count));
      return elementAt(x, [...index.slice(0, axis), at, ...index.slice(axis + count)]);
    });
    if (folded) return folded;
  }
  return gather(context.value(x), context.value(fromStart), axis);
}

function fromTheStart(context: NodeContext, indices: Constant, length: number) {
  const bad = indices.data.find((index) => index < -length || index >= length);
  if (bad !== undefined) throw context.fault('indices', `from ${-length} to ${length - 1}`, bad);
  return constantOf(
    indices.shape,
    indices.dtype,
    indices.data.map((index) => (index < 0 ? index + length : index)),
  );
}

const gatherRule: Rule = (context) => {
  const x = context.operand(0);
  return pick(context, x, context.operand(1), context.axis(context.int('axis', 0), x.shape.length));
};

const gatherElementsRule: Rule = (context) => {
  const [x, indices] = [context.operand(0), context.operand(1)];
  const axis = context.axis(context.int('axis', 0), x.shape.length);
  if (isConstant(x) && isConstant(indices)) {
    const at = (index: readonly number[]) => index.with(axis, elementAt(indices, index));
    const folded = generate(indices.shape, x.dtype, (index) => elementAt(x, at(index)));
    if (folded) return folded;
  }
  return gatherElements(context.value(x), context.value(indices), axis);
};

const gatherNd: Rule = (context) => {
  const [x, indices] = [context.operand(0), context.operand(1)];
  const batch_dims = context.int('batch_dims', 0);
  const depth = indices.shape.at(-1) ?? 0;
  if (batch_dims < 0 || batch_dims + depth > x.shape.length) {
    throw context.fault('depth of indices', `at most ${x.shape.length - batch_dims}`, depth);
  }
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(batch_dims + depth)];
  return context.emit('GatherND', [x, indices], shape, x.dtype, { batch_dims });
};

/** Operators with no gradient rule that keep the shape of their first input. */
const asItStands: Rule = (context) => {
  const x = context.operand(0);
  const numbers = ['axis', 'exclusive', 'reverse'].flatMap((name) => {
    const number = context.int(name, Number.NaN);
    return Number.isNaN(number) ? [] : [[name, number] as const];
  });
  const reduction = context.text('reduction', 'none');
  const attributes = { ...Object.fromEntries(numbers), ...(reduction !== 'none' && { reduction }) };
  return context.emit(context.node.operator, context.operands, x.shape, x.dtype, attributes);
};

const oneHot: Rule = (context) => {
  const [indices, , values] = [context.operand(0), context.operand(1), context.operand(2)];
  const depth = context.known(1)[0] ?? 0;
  const axis = context.axis(context.int('axis', -1), indices.shape.length + 1);
  const shape = indices.shape.toSpliced(axis, 0, depth);
  return context.emit('OneHot', context.operands, shape, values.dtype, { axis });
};

export const indexRules: Readonly<Record<string, Rule>> = {
  Gather: gatherRule,
  GatherElements: gatherElementsRule,
  GatherND: gatherNd,
  ScatterND: asItStands,
  ScatterElements: asItStands,
  CumSum: asItStands,
  OneHot: oneHot,
};
