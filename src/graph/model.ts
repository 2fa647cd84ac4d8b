import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { Attribute, ConstantValue, DType, Graph, Node, Value } from './graph.ts';

/** What some outputs of a graph need: an ONNX model and the inputs that must be fed. */
export interface Model {
  /** The serialised ONNX ModelProto. */
  readonly bytes: Uint8Array;
  /** The graph's inputs on which the outputs depend, in the order declared. */
  readonly inputs: readonly Value[];
}

/** ONNX operator set 20 is the first with Gelu; intermediate representation 9 belongs to it. */
const operatorSet = 20n;
const irVersion = 9n;

/** Serialises the part of the graph that `outputs` (by the name each gets in the model) depend on. */
export function createModel(graph: Graph, outputs: Readonly<Record<string, Value>>): Model {
  const { nodes, values } = reachable(graph, Object.values(outputs));
  const inputs = graph.inputs.filter((input) => values.has(input));
  const constants = [...graph.constants.values()].filter(({ value }) => values.has(value));
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'touchstone',
    opsetImport: [
      { domain: '', version: operatorSet },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: {
      name: 'touchstone',
      node: [...nodes.map(nodeProto), ...Object.entries(outputs).map(outputNode)],
      initializer: constants.map(tensorProto),
      input: inputs.map((value) => valueInfo(value.name, value)),
      output: Object.entries(outputs).map(([name, value]) => valueInfo(outputName(name), value)),
    },
  });
  return { bytes: toBinary(ModelProtoSchema, model), inputs };
}

/** The name in the model of the output a caller calls `name`; never the name of a value. */
export function outputName(name: string): string {
  return `output:${name}`;
}

function reachable(graph: Graph, outputs: readonly Value[]) {
  const values = new Set<Value>(outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => values.has(output))) continue;
    nodes.unshift(node);
    for (const input of node.inputs) if (input) values.add(input);
  }
  return { nodes, values };
}

function nodeProto(node: Node) {
  return create(NodeProtoSchema, {
    opType: node.operator,
    domain: node.domain,
    input: node.inputs.map((input) => input?.name ?? ''),
    output: node.outputs.map((output) => output.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

// An identity per output lets an output be an input, a constant or the same value as another output.
function outputNode([name, value]: [string, Value]) {
  return create(NodeProtoSchema, { opType: 'Identity', input: [value.name], output: [outputName(name)] });
}

function attributeProto(name: string, value: Attribute) {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

const dataTypes = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
} as const satisfies Record<DType, DataType>;

function tensorProto({ value, data }: ConstantValue) {
  return create(TensorProtoSchema, {
    name: value.name,
    dataType: dataTypes[value.dtype],
    dims: value.shape.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function valueInfo(name: string, { shape, dtype }: Value) {
  const dim = shape.map((dimension) => ({ value: { case: 'dimValue' as const, value: BigInt(dimension) } }));
  const tensorType = { elemType: dataTypes[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}
