import { type DType, Graph, type Value } from '../../graph/graph.ts';
import type { Layers } from '../network.ts';
import { productOf } from '../products.ts';
import { buildOnnx, type OnnxBuild } from './build-onnx.ts';
import { findHiddenStates } from './hidden-states.ts';
import type { OnnxModel } from './onnx-model.ts';

/** A value of a model at given input shapes. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Operator of the node that makes it; `Input`, `Weight` or `Constant` where none does. */
  readonly operator: string;
  /** The module of the exported program it comes from, e.g. `encoder.layer.0.output`; empty when the file does not say. */
  readonly scope: string;
}

export interface OnnxInspection {
  /** Every value that the outputs depend on, in the order computed. */
  readonly values: readonly OnnxValue[];
  /** Names of the hidden states from the embedding to the last; undefined when blocks cannot be told. */
  readonly hiddenStates: readonly string[] | undefined;
  /** Weights that products use, which adapters can be put on. */
  readonly linears: readonly string[];
  /** Weights that the outputs depend on, in the order of the file. */
  readonly weights: readonly string[];
  readonly build: OnnxBuild;
}

/**
 * Builds a model in a graph that nobody runs, and says what is in it.
 * @param shapes of the model's inputs, by name
 * @throws UserError (`invalid-onnx`, `unsupported-operator`) naming the node that cannot be built.
 */
export function inspectOnnx(model: OnnxModel, shapes: Readonly<Record<string, readonly number[]>>): OnnxInspection {
  const graph = new Graph();
  const inputs = Object.entries(shapes).map(([name, shape]) => {
    const dtype = model.inputs.find((input) => input.name === name)?.dtype ?? 'float32';
    return [name, graph.input(`input:${name}`, shape, dtype)] as const;
  });
  const { layers, linears, used } = recordingLayers(model, graph);
  const outputs = model.outputs.map(({ name }) => name);
  const build = buildOnnx(model, { graph, layers, inputs: new Map(inputs), outputs });
  const inOrder = (names: ReadonlySet<string>) => [...model.weights.keys()].filter((name) => names.has(name));
  return {
    values: [...build.operands].map(([name, { shape, dtype }]) => ({ name, shape, dtype, ...origin(model, name) })),
    hiddenStates: findHiddenStates(model, build.operands),
    linears: inOrder(linears),
    weights: inOrder(used),
    build,
  };
}

function origin(model: OnnxModel, name: string) {
  const node = model.producers.get(name);
  if (node) return { operator: node.operator, scope: node.scope };
  const kind = model.weightNames.has(name) ? 'Weight' : model.constants.has(name) ? 'Constant' : 'Input';
  return { operator: kind, scope: '' };
}

function recordingLayers(model: OnnxModel, graph: Graph) {
  const [linears, used] = [new Set<string>(), new Set<string>()];
  const made = new Map<string, Value>();
  const weight = (name: string) => {
    const { shape } = model.weights.get(name) as { shape: readonly number[] };
    const value = made.get(name) ?? graph.input(`weight:${name}`, shape);
    made.set(name, value);
    used.add(name);
    return value;
  };
  const layers: Layers = {
    weight,
    linear: (x, name, { bias, ...options } = {}) => {
      linears.add(name);
      return productOf(x, weight(name), { ...options, bias: bias === undefined ? undefined : weight(bias) });
    },
  };
  return { layers, linears, used };
}
