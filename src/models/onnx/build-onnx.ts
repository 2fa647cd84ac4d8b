import type { Graph, Value } from '../../graph/graph.ts';
import { cast } from '../../graph/operators.ts';
import { ShapeError } from '../../graph/shape-error.ts';
import { formatShape, sizeOf } from '../../graph/shapes.ts';
import type { Layers } from '../network.ts';
import { constantOf } from './constants.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import { fault } from './fault.ts';
import { layerRules } from './layer-rules.ts';
import { materialize, NodeContext, type Rule, type Target } from './node-context.ts';
import { nodesFor } from './nodes-for.ts';
import type { OnnxModel, OnnxNode } from './onnx-model.ts';
import type { Operand } from './operand.ts';
import { tensorNumbers } from './read-tensor.ts';
import { shapeRules } from './shape-rules.ts';

export interface OnnxBuildOptions {
  readonly graph: Graph;
  /** How weights are got at; adapters come in here. */
  readonly layers: Layers;
  /** Values of `graph` by the name they stand for: the model's inputs, or values inside it, which cuts off what is before. */
  readonly inputs: ReadonlyMap<string, Value>;
  /** Names of the values wanted: the model's outputs, or values inside it. Only nodes they depend on are built. */
  readonly outputs: readonly string[];
}

/** A part of a model written in a graph. */
export interface OnnxBuild {
  /** By the names asked for. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** Every value on the way by name, whether or not it became an operator of the graph. */
  readonly operands: ReadonlyMap<string, Operand>;
}

const rules: Readonly<Record<string, Rule>> = { ...elementwiseRules, ...shapeRules, ...layerRules };

/** No tensor of a graph may have more elements. */
const mostElements = 2 ** 36;

/**
 * Writes the part of a model between `inputs` and `outputs` into a graph, at the inputs' shapes; what depends on shapes
 * alone is computed while building. Weights are asked of `layers` by weight name, products with them as `linear`.
 * @throws UserError (`invalid-onnx`, `unsupported-operator`) naming the node.
 */
export function buildOnnx(model: OnnxModel, options: OnnxBuildOptions): OnnxBuild {
  const { graph, layers, inputs, outputs } = options;
  const target: Target = { graph, layers, made: new Map() };
  const operands = new Map<string, Operand>();
  for (const [name, value] of inputs) operands.set(name, fitted(model, name, value));
  for (const [name, tensor] of model.constants) {
    if (!operands.has(name)) operands.set(name, constantOf(tensor.shape, tensor.dtype, tensorNumbers(tensor)));
  }
  for (const [name, weight] of model.weightNames) {
    const { shape } = model.weights.get(weight) as { shape: readonly number[] };
    if (!operands.has(name))
      operands.set(name, { kind: 'weight', name: weight, shape, dtype: 'float32', transposed: false });
  }
  for (const node of nodesFor(model, new Set(operands.keys()), outputs)) addNode(model, node, operands, target);
  const found = outputs.map((name) => [name, materialize(operands.get(name) as Operand, target)] as const);
  return { outputs: new Map(found), operands };
}

/** An input value with the type and, where the file fixes them, the dimensions that the model declares. */
function fitted(model: OnnxModel, name: string, value: Value): Value {
  const declared = model.inputs.find((input) => input.name === name);
  const wrong = declared?.shape?.some((length, axis) => typeof length === 'number' && length !== value.shape[axis]);
  if (declared?.shape && (wrong || declared.shape.length !== value.shape.length)) {
    const wanted = `of shape [${declared.shape.map((length) => length || '?').join(', ')}]`;
    const next = 'Feed that shape, or export the model with dynamic axes';
    throw fault(`input "${name}" of ${model.file}`, wanted, formatShape(value.shape), next);
  }
  return declared?.dtype ? cast(value, declared.dtype) : value;
}

function addNode(model: OnnxModel, node: OnnxNode, operands: Map<string, Operand>, target: Target): void {
  const rule = Object.hasOwn(rules, node.operator) ? rules[node.operator] : undefined;
  if (!rule) throw unsupported(node);
  const given = node.inputs.map((name) => (name === '' ? undefined : operands.get(name)));
  const context = new NodeContext(node, given, target, model.opset);
  const results = target.graph.from(node.thing, () => apply(rule, context));
  for (const [i, name] of node.outputs.entries()) {
    const result = results[i];
    if (name === '' || !result) continue;
    if (!(sizeOf(result.shape) <= mostElements)) throw context.fault('result', 'smaller', formatShape(result.shape));
    operands.set(name, result);
  }
}

function apply(rule: Rule, context: NodeContext): readonly Operand[] {
  try {
    const results = rule(context);
    return Array.isArray(results) ? results : [results as Operand];
  } catch (error) {
    if (error instanceof ShapeError) throw context.fault('inputs', 'as the operator wants them', error);
    throw error;
  }
}

function unsupported(node: OnnxNode) {
  const subgraph = [...node.attributes.values()].some((attribute) => 'graph' in attribute);
  const next = subgraph
    ? 'Export the model without control flow (If, Loop, Scan), or cut it behind this node'
    : 'Export the model from PyTorch at opset 14 to 20 without further optimisation, or cut it behind this node';
  return fault(
    `the operator of ${node.thing}`,
    'one that a graph can be built of',
    node.operator,
    next,
    'unsupported-operator',
  );
}
