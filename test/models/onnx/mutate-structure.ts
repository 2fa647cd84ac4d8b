import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
} from 'onnx-buf';
import type { Rng } from '../../../src/core/random.ts';

const numbers = [0n, 1n, -1n, 2n, 3n, 7n, 100n, -100n, 2n ** 31n, 2n ** 40n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];

/** A model that parses, but says something else: other operands, operators, numbers, shapes, or fewer nodes. */
export function mutateStructure(sound: Uint8Array, rng: Rng): Uint8Array {
  // A copy, because the tensors of a parsed model share the bytes it came from.
  const model = fromBinary(ModelProtoSchema, new Uint8Array(sound));
  const graph = model.graph as GraphProto;
  for (let i = rng.integer(1, 3); i > 0; i--) rng.choice(mutations)(graph, rng);
  return toBinary(ModelProtoSchema, model);
}

const mutations: readonly ((graph: GraphProto, rng: Rng) => void)[] = [
  ({ node }, rng) => {
    const { input } = rng.choice(node);
    if (input.length > 0) input[rng.integer(0, input.length - 1)] = rng.choice(rng.choice(node).output);
  },
  ({ node }, rng) => {
    rng.choice(node).opType = rng.choice(node).opType;
  },
  ({ node }, rng) => {
    node.splice(rng.integer(0, node.length - 1), 1);
  },
  ({ node }, rng) => {
    rng.choice(node).input.pop();
  },
  ({ node }, rng) => {
    const [attribute] = rng.shuffle(rng.choice(node).attribute);
    if (!attribute) return;
    attribute.i = rng.choice(numbers);
    attribute.ints = attribute.ints.map((value) => (rng.chance(0.5) ? value : rng.choice(numbers)));
    if (rng.chance(0.1)) attribute.type = rng.choice([AttributeType.FLOAT, AttributeType.INTS, AttributeType.GRAPH]);
    if (attribute.t) changeNumbers(attribute.t, rng);
  },
  ({ initializer }, rng) => changeNumbers(rng.choice(initializer), rng),
  ({ initializer }, rng) => {
    const tensor = rng.choice(initializer);
    if (tensor.dims.length > 0) tensor.dims[rng.integer(0, tensor.dims.length - 1)] = rng.choice(numbers);
    else tensor.dims.push(rng.choice(numbers));
  },
  ({ initializer }, rng) => {
    rng.choice(initializer).dims.reverse();
  },
  ({ initializer }, rng) => {
    initializer.splice(rng.integer(0, initializer.length - 1), 1);
  },
  ({ initializer }, rng) => {
    rng.choice(initializer).dataType = rng.integer(0, 24);
  },
];

/** Other whole numbers in an integer tensor. */
function changeNumbers({ dataType, rawData }: TensorProto, rng: Rng): void {
  if (dataType !== 7 || rawData.length < 8) return;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  view.setBigInt64(8 * rng.integer(0, rawData.length / 8 - 1), rng.choice(numbers), true);
}
