import type { Device } from './devices.ts';
import { Graph, type Node, type Value } from './graph.ts';
import { add, mul, sub } from './operators/arithmetic.ts';
import { reduceMax, reduceSum } from './operators/reductions.ts';
import { reshape } from './operators/reshape.ts';
import { transpose } from './operators/transpose.ts';
import { exp, log } from './operators/unary.ts';

type Outputs = Readonly<Record<string, Value>>;

/** Rewrites a node in terms of other operators, given its inputs; undefined where it stays as it is. */
type Lowering = (node: Node, inputs: readonly Value[]) => Value | undefined;

/**
 * The graph as a device runs it whole: operators that ONNX Runtime has on CPU only, so that a GPU's values would travel
 * to the host and back, are written in those that the device has. On CPU, the graph itself.
 */
export function lowered(graph: Graph, outputs: Outputs, device: Device): [Graph, Outputs] {
  if (device !== 'webgpu') return [graph, outputs];
  const copy = new Graph();
  const values = new Map<Value, Value>();
  const parameters = new Set(graph.parameters);
  for (const input of graph.inputs) {
    const { name, shape, dtype } = input;
    values.set(input, parameters.has(input) ? copy.parameter(name, shape) : copy.input(name, shape, dtype));
  }
  for (const { value, data } of graph.constants.values()) {
    values.set(value, copy.constant(data, value.shape, value.dtype));
  }
  for (const node of graph.nodes) lowerNode(copy, node, values);
  return [copy, Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, values.get(value) as Value]))];
}

function lowerNode(copy: Graph, node: Node, values: Map<Value, Value>): void {
  const inputs = node.inputs.map((input) => input && values.get(input));
  const rewritten = webgpuLowerings[node.operator]?.(node, inputs as Value[]);
  const shapes = node.outputs.map(({ shape }) => shape);
  const results = rewritten ? [rewritten] : copy.emitAll({ ...node, inputs }, shapes, node.outputs[0]?.dtype);
  node.outputs.forEach((output, i) => {
    values.set(output, results[i] as Value);
  });
}

// TensorProto.DataType.FLOAT and INT32
const [floatType, int32Type] = [1, 6];

const webgpuLowerings: Readonly<Record<string, Lowering>> = {
  FusedMatMul({ attributes, outputs }, [a, b]) {
    const [left, right] = [
      attributes.transA === 1 ? swapped(a as Value) : a,
      attributes.transB === 1 ? swapped(b as Value) : b,
    ];
    const { shape } = outputs[0] as Value;
    const product = (a as Value).graph.emit({ operator: 'MatMul', inputs: [left, right] }, shape);
    const alpha = typeof attributes.alpha === 'object' && 'float' in attributes.alpha ? attributes.alpha.float : 1;
    return alpha === 1 ? product : mul(product, alpha);
  },
  Sum: (_, [first, ...rest]) => rest.reduce((sum, value) => add(sum, value), first as Value),
  LogSoftmax({ attributes }, [x]) {
    const options = { axes: (attributes.axis as number | undefined) ?? -1, keepDimensions: true };
    const centred = sub(x as Value, reduceMax(x as Value, options));
    return sub(centred, log(reduceSum(exp(centred), options)));
  },
  // The sign is (x > 0) − (x < 0).
  Sign(_, [x]) {
    const { graph, shape, dtype } = x as Value;
    if (dtype !== 'float32') return undefined;
    const where = (operator: string) => asFloat(graph.emit({ operator, inputs: [x, graph.scalar(0)] }, shape, 'bool'));
    return sub(where('Greater'), where('Less'));
  },
  // Only as `crossEntropy` writes it: along a new last axis, zeros with a single one.
  OneHot({ attributes, outputs, inputs }, [indices]) {
    const { graph, shape } = indices as Value;
    const constant = (input: Value | undefined) => input && [...(input.graph.constants.get(input.name)?.data ?? [])];
    if ((attributes.axis ?? -1) !== -1 || constant(inputs[2])?.join() !== '0,1') return undefined;
    const depth = outputs[0]?.shape.at(-1) as number;
    const classes = graph.constant(
      Array.from({ length: depth }, (_, i) => i),
      [depth],
      'int32',
    );
    const column = reshape(asInt32(indices as Value), [...shape, 1]);
    return asFloat(graph.emit({ operator: 'Equal', inputs: [column, classes] }, [...shape, depth], 'bool'));
  },
};

function swapped(x: Value): Value {
  const rank = x.shape.length;
  return transpose(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

function asFloat(x: Value): Value {
  return x.graph.emit({ operator: 'Cast', inputs: [x], attributes: { to: floatType } }, x.shape);
}

function asInt32(x: Value): Value {
  if (x.dtype === 'int32') return x;
  return x.graph.emit({ operator: 'Cast', inputs: [x], attributes: { to: int32Type } }, x.shape, 'int32');
}
