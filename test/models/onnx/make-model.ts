import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  type GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from 'onnx-buf';
import { afterAll } from 'vitest';

type TensorInit = MessageInitShape<typeof TensorProtoSchema>;
type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;

export interface ModelParts {
  readonly nodes: readonly NodeInit[];
  readonly initializers?: readonly TensorInit[];
  /** Float inputs; a dimension of 0 is symbolic. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** A model made by hand. */
export function makeModel({
  nodes,
  initializers = [],
  inputs = {},
  outputs = ['y'],
  opset = 20,
}: ModelParts): ModelProto {
  const graph: MessageInitShape<typeof GraphProtoSchema> = {
    name: 'made by hand',
    node: [...nodes],
    initializer: [...initializers],
    input: Object.entries(inputs).map(([name, shape]) => ({
      name,
      type: { value: { case: 'tensorType', value: { elemType: 1, shape: { dim: shape.map(dimension) } } } },
    })),
    output: outputs.map((name) => ({ name })),
  };
  return create(ModelProtoSchema, { irVersion: 9n, opsetImport: [{ domain: '', version: BigInt(opset) }], graph });
}

function dimension(length: number) {
  if (length === 0) return { value: { case: 'dimParam' as const, value: 'n' } };
  return { value: { case: 'dimValue' as const, value: BigInt(length) } };
}

export function node(opType: string, inputs: string[], outputs: string[], attribute: AttributeInit[] = []): NodeInit {
  return { opType, name: `the ${opType}`, input: inputs, output: outputs, attribute };
}

export function int(name: string, value: number): AttributeInit {
  return { name, type: AttributeType.INT, i: BigInt(value) };
}

export function floats(name: string, dims: readonly number[], values: readonly number[]): TensorInit {
  return { name, dataType: 1, dims: dims.map(BigInt), rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

export function integers(name: string, values: readonly number[]): TensorInit {
  return { name, dataType: 7, dims: [BigInt(values.length)], int64Data: values.map(BigInt) };
}

/** A float tensor whose bytes are in another file. */
export function external(name: string, dims: readonly number[], entries: Readonly<Record<string, string>>): TensorInit {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  return { name, dataType: 1, dims: dims.map(BigInt), dataLocation: DataLocation.EXTERNAL, externalData };
}

const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes bytes or a model to a fresh folder, with other files beside it; returns the path. All goes when the tests end. */
export function written(model: ModelProto | Uint8Array, beside: Readonly<Record<string, Uint8Array>> = {}): string {
  const own = join(folder, `${count++}`);
  mkdirSync(own);
  for (const [name, bytes] of Object.entries(beside)) writeFileSync(join(own, name), bytes);
  const file = join(own, 'model.onnx');
  writeFileSync(file, model instanceof Uint8Array ? model : toBinary(ModelProtoSchema, model));
  return file;
}
