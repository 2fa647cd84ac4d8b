import { readFile, stat } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { type GraphProto, type ModelProto, ModelProtoSchema, type ValueInfoProto } from 'onnx-buf';
import { decodeNode } from './decode-node.ts';
import { decodeTensor } from './decode-tensor.ts';
import { elementTypes } from './element-types.ts';
import { type ExternalFiles, externalFiles } from './external-files.ts';
import { fault } from './fault.ts';
import type { OnnxDeclaration, OnnxModel, OnnxNode, OnnxTensor } from './onnx-model.ts';
import { loadTensor } from './read-tensor.ts';
import { nameWeights } from './weight-names.ts';

/** Protobuf messages cannot be longer. */
const mostBytes = 2 ** 31 - 1;
const oldestOpset = 11;

/**
 * Opens an ONNX file, also one whose tensors lie in other files of its folder. Reads the graph and checks every tensor's
 * declared size against the bytes present; numbers stay where they are until {@link readOnnxWeights} asks for them.
 * @throws UserError (`invalid-onnx`) naming the file, and the tensor or node where one is to blame.
 */
export async function openOnnx(file: string): Promise<OnnxModel> {
  const proto = parse(await readModel(file), file);
  const { graph } = proto;
  if (!graph || graph.output.length === 0) throw fault(file, 'an ONNX model with a graph and outputs', 'none');
  const opset = Number(proto.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);
  if (opset < oldestOpset) {
    throw fault(`the operator set of ${file}`, `version ${oldestOpset} or later`, opset, 'Export with a later opset');
  }
  const initializers = await decodeInitializers(graph, file, externalFiles(file));
  const nodes = await decodeNodes(graph, file);
  const { weights, weightNames, constants } = nameWeights(initializers, nodes);
  return {
    file,
    opset,
    inputs: graph.input.filter(({ name }) => !initializers.has(name)).map(declaration),
    outputs: graph.output.map(declaration),
    declared: new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name, declaration(info)])),
    nodes,
    producers: producersOf(nodes, graph, initializers),
    constants: await loadAll(constants),
    weights,
    weightNames,
  };
}

async function readModel(file: string): Promise<Uint8Array> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : Number.NaN),
    (cause: unknown) => {
      throw fault(file, 'a readable file', cause, 'Check the path');
    },
  );
  if (!(size <= mostBytes))
    throw fault(file, 'a file below 2 GiB', `${size} bytes`, 'Store the tensors as external data');
  return readFile(file);
}

function parse(bytes: Uint8Array, file: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw fault(file, 'an ONNX model', cause);
  }
}

async function decodeInitializers({ initializer, sparseInitializer }: GraphProto, file: string, files: ExternalFiles) {
  if (sparseInitializer.length > 0) throw fault(`the initialisers of ${file}`, 'dense', 'sparse ones');
  const tensors = new Map<string, OnnxTensor>();
  for (const tensor of initializer) {
    const thing = `tensor "${tensor.name}" of ${file}`;
    if (tensors.has(tensor.name)) throw fault(thing, 'there once', 'two of this name');
    tensors.set(tensor.name, await decodeTensor(tensor, thing, files));
  }
  return tensors;
}

async function decodeNodes({ node }: GraphProto, file: string): Promise<OnnxNode[]> {
  const files = externalFiles(file);
  const nodes: OnnxNode[] = [];
  for (const [index, proto] of node.entries()) nodes.push(await decodeNode(proto, index, file, files));
  return nodes;
}

/** Constants are wanted whenever a graph is built; they are small, and files have been checked to hold them. */
async function loadAll(tensors: ReadonlyMap<string, OnnxTensor>): Promise<ReadonlyMap<string, OnnxTensor>> {
  const loaded = new Map<string, OnnxTensor>();
  for (const [name, tensor] of tensors) loaded.set(name, await loadTensor(tensor));
  return loaded;
}

function producersOf(nodes: readonly OnnxNode[], { input }: GraphProto, initializers: ReadonlyMap<string, OnnxTensor>) {
  const taken = new Set([...input.map(({ name }) => name), ...initializers.keys()]);
  const producers = new Map<string, OnnxNode>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (taken.has(name)) throw fault(`output "${name}" of ${node.thing}`, 'a new value', 'one that is there already');
      taken.add(name);
      producers.set(name, node);
    }
  }
  return producers;
}

function declaration({ name, type }: ValueInfoProto): OnnxDeclaration {
  if (type?.value.case !== 'tensorType') return { name };
  const { elemType, shape } = type.value.value;
  const dtype = elementTypes.get(elemType)?.dtype;
  const dimensions = shape?.dim.map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : (value.value ?? ''),
  );
  return { name, ...(dtype && { dtype }), ...(dimensions && { shape: dimensions }) };
}
