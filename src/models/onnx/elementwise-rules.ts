/** ONNX operators that work element by element. */
import type { DType, Value } from '../../graph/graph.ts';
import { cast, div, mul, pow, sqrt, where } from '../../graph/operators.ts';
import { broadcastShape } from '../../graph/shapes.ts';
import { elementAt, generate } from './constants.ts';
import { elementTypes } from './element-types.ts';
import type { NodeContext, Rule } from './node-context.ts';
import { isConstant, isWeight, type Operand } from './operand.ts';

type Compute = (...numbers: number[]) => number;

/** The shape all operands broadcast to. */
function commonShape(context: NodeContext, operands: readonly Operand[]): readonly number[] {
  return operands.reduce<readonly number[]>((shape, operand) => {
    const wider = broadcastShape(shape, operand.shape);
    if (!wider)
      throw context.fault(
        'input shapes',
        'broadcastable to one another',
        operands.map((one) => one.shape),
      );
    return wider;
  }, []);
}

/** The result as a constant, where all operands are and it is small. */
function fold(operands: readonly Operand[], shape: readonly number[], dtype: DType, compute: Compute | undefined) {
  if (!compute || !operands.every(isConstant)) return undefined;
  return generate(shape, dtype, (index) => compute(...operands.map((operand) => elementAt(operand, index))));
}

/** An operator that is one in the graph as well; its output has the type of its first operand unless said. */
function plain(compute?: Compute, type?: DType): Rule {
  return (context) => {
    const operands = operandsOf(context);
    const shape = commonShape(context, operands);
    const dtype = type ?? (operands[0] as Operand).dtype;
    return fold(operands, shape, dtype, compute) ?? context.emit(context.node.operator, operands, shape, dtype);
  };
}

function operandsOf(context: NodeContext): readonly Operand[] {
  const operands = context.node.inputs.map((_, i) => context.operand(i));
  if (operands.length === 0) throw context.fault('inputs', 'present', 'none');
  return operands;
}

const comparison = (compute: (a: number, b: number) => boolean): Rule =>
  plain((a, b) => Number(compute(a as number, b as number)), 'bool');

const power: Rule = (context) => {
  const [x, exponent] = [context.operand(0), context.operand(1)];
  const shape = commonShape(context, [x, exponent]);
  const folded = fold([x, exponent], shape, x.dtype, Math.pow as Compute);
  if (folded) return folded;
  const base = context.value(x);
  const whole = isConstant(exponent) && exponent.data.length === 1 ? exponent.data[0] : undefined;
  if (whole === 1) return base;
  if (whole === 2) return mul(base, base);
  if (whole === 3) return mul(mul(base, base), base);
  if (whole === 0.5) return sqrt(base);
  return pow(base, cast(context.value(exponent), 'float32'));
};

/** Max and Min of any number of operands; of floats as choices, whose gradient goes to the operand chosen. */
function extreme(operator: 'Max' | 'Min', compare: 'Less' | 'Greater', compute: Compute): Rule {
  return (context) => {
    const operands = operandsOf(context);
    const shape = commonShape(context, operands);
    const [first, ...rest] = operands as [Operand, ...Operand[]];
    const folded = fold(operands, shape, first.dtype, compute);
    if (folded) return folded;
    if (first.dtype !== 'float32') return context.emit(operator, operands, shape, first.dtype);
    return rest.reduce<Value>((a, b) => choose(context, compare, context.value(b), a), context.value(first));
  };
}

/** `a` where it compares so with `b`, else `b`. */
function choose(context: NodeContext, compare: 'Less' | 'Greater', a: Value, b: Value): Value {
  return where(context.emit(compare, [a, b], commonShape(context, [a, b]), 'bool'), a, b);
}

const clip: Rule = (context) => {
  const x = context.operand(0);
  const bounds = [context.optional(1), context.optional(2)] as const;
  const given = bounds.filter((bound) => bound !== undefined);
  const numbers = bounds.map((bound, i) => (isConstant(bound) ? bound.data[0] : i === 0 ? -Infinity : Infinity));
  const [low, high] = numbers as [number, number];
  const clamp = (value: number) => Math.min(Math.max(value, low), high);
  const folded = given.every(isConstant) ? fold([x], x.shape, x.dtype, clamp as Compute) : undefined;
  if (folded) return folded;
  if (x.dtype !== 'float32') {
    const inputs = [x, bounds[0], bounds[1]].map((operand) => operand && context.value(operand));
    return context.graph.emit({ operator: 'Clip', inputs }, x.shape, x.dtype);
  }
  const raised = bounds[0] ? choose(context, 'Greater', context.value(bounds[0]), context.value(x)) : context.value(x);
  return bounds[1] ? choose(context, 'Less', context.value(bounds[1]), raised) : raised;
};

const whereRule: Rule = (context) => {
  const operands = [0, 1, 2].map((i) => context.operand(i));
  const shape = commonShape(context, operands);
  const { dtype } = operands[1] as Operand;
  const compute: Compute = (condition, yes, no) => (condition ? yes : no) as number;
  return fold(operands, shape, dtype, compute) ?? context.emit('Where', operands, shape, dtype);
};

const castRule: Rule = (context) => {
  const x = context.operand(0);
  const to = context.int('to', 0);
  const dtype = elementTypes.get(to)?.dtype;
  if (!dtype) throw context.fault('type to cast to', 'float, integer or bool', to);
  if (isWeight(x) && dtype === 'float32') return x;
  return fold([x], x.shape, dtype, ((value: number) => value) as Compute) ?? cast(context.value(x), dtype);
};

/** A sum of a product and a bias becomes a product with a bias; see `Product`. */
const sum: Rule = (context) => {
  const [a, b] = [context.operand(0), context.operand(1)];
  return biased(context, a, b) ?? biased(context, b, a) ?? plain((x, y) => (x as number) + (y as number))(context);
};

function biased({ target }: NodeContext, product: Operand, bias: Operand): Value | undefined {
  if (!('kind' in product) || product.kind !== 'product' || !isWeight(bias)) return undefined;
  const fits = bias.shape.length === 1 && bias.shape[0] === product.shape.at(-1) && !target.made.has(product);
  if (!fits) return undefined;
  const { x, weight } = product;
  return target.layers.linear(x, weight.name, { transposed: weight.transposed, bias: bias.name });
}

const reciprocal: Rule = (context) => {
  const x = context.operand(0);
  return fold([x], x.shape, x.dtype, ((value: number) => 1 / value) as Compute) ?? div(1, context.value(x));
};

const modulo = (a: number, b: number) => a - b * Math.floor(a / b);
const unary = (compute?: (x: number) => number, type?: DType) => plain(compute as Compute | undefined, type);
const binary = (compute: (a: number, b: number) => number) => plain(compute as Compute);

export const elementwiseRules: Readonly<Record<string, Rule>> = {
  Add: sum,
  Sum: (context) => {
    const operands = operandsOf(context);
    return operands.slice(1).reduce<Operand>((total, operand) => {
      return context.emit('Add', [total, operand], commonShape(context, [total, operand]), operand.dtype);
    }, operands[0] as Operand);
  },
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Pow: power,
  Mod: (context) => {
    const fmod = context.int('fmod', 0);
    const operands = [context.operand(0), context.operand(1)];
    const shape = commonShape(context, operands);
    const { dtype } = operands[0] as Operand;
    const compute = fmod === 1 ? (a: number, b: number) => a % b : modulo;
    return fold(operands, shape, dtype, compute as Compute) ?? context.emit('Mod', operands, shape, dtype, { fmod });
  },
  Max: extreme('Max', 'Greater', Math.max),
  Min: extreme('Min', 'Less', Math.min),
  Clip: clip,
  Where: whereRule,
  Cast: castRule,
  Reciprocal: reciprocal,
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Ceil: unary(Math.ceil),
  Floor: unary(Math.floor),
  Round: unary(),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tanh: unary(Math.tanh),
  Sigmoid: unary(),
  Softplus: unary(),
  Relu: unary(),
  Erf: unary(),
  IsNaN: unary((x) => Number(Number.isNaN(x)), 'bool'),
  IsInf: unary(undefined, 'bool'),
  Not: unary((x) => Number(x === 0), 'bool'),
  And: plain((a, b) => Number(a !== 0 && b !== 0), 'bool'),
  Or: plain((a, b) => Number(a !== 0 || b !== 0), 'bool'),
  Xor: plain((a, b) => Number((a !== 0) !== (b !== 0)), 'bool'),
  Equal: comparison((a, b) => a === b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
};
