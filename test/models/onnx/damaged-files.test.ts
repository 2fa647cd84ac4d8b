import { readFileSync } from 'node:fs';
import { AttributeProto_AttributeType as AttributeType } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { inspectOnnx } from '../../../src/models/onnx/inspect-onnx.ts';
import { createOnnxNetwork } from '../../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../../src/models/onnx/read-onnx-weights.ts';
import { external, floats, int, integers, type ModelParts, makeModel, node, written } from './make-model.ts';
import { fixture } from './support.ts';

const product = [node('MatMul', ['x', 'w'], ['y'])];
const inputs = { x: [2, 3] };
const weight = floats('w', [3, 2], [1, 2, 3, 4, 5, 6]);

/** Opens, reads all weights and builds; damage may show at any of these. */
async function use(file: string): Promise<void> {
  const model = await openOnnx(file);
  await readOnnxWeights(model);
  inspectOnnx(
    model,
    Object.fromEntries(model.inputs.map(({ name, shape }) => [name, (shape ?? []).map((n) => Number(n) || 2)])),
  );
}

async function refusal(file: string): Promise<string> {
  const error = await use(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toContain(file.split('/').at(-1));
  return (error as Error).message;
}

const of = (parts: Partial<ModelParts>) =>
  written(makeModel({ nodes: product, inputs, initializers: [weight], ...parts }));

test('a sound model opens', async () => {
  await use(of({}));
});

describe('refuses', () => {
  test('what is no ONNX file', async () => {
    expect(await refusal(written(new TextEncoder().encode('not a model at all')))).toMatch(
      /Expected .* to be an ONNX model/,
    );
    expect(await refusal(written(new Uint8Array()))).toMatch(/a graph and outputs/);
    expect(await refusal('/nowhere/model.onnx')).toMatch(/a readable file/);
    expect(await refusal(`${process.cwd()}/test`)).toMatch(/a file/);
  });

  test('a file cut anywhere', async () => {
    const bytes = readFileSync(fixture('whisper.dynamo.onnx'));
    for (let length = 1; length < bytes.length; length += 997) await refusal(written(bytes.subarray(0, length)));
  });

  test.each([
    ['too many elements', [30_000_000, 30_000_000]],
    ['too few', [2, 2]],
    ['a negative length', [-3, -2]],
  ])('a tensor whose dims say %s', async (_, dims) => {
    expect(await refusal(of({ initializers: [{ ...weight, dims: dims.map(BigInt) }] }))).toMatch(
      /tensor "w" of .*model\.onnx/,
    );
  });

  test.each([
    ['strings', 8],
    ['complex numbers', 14],
    ['a type that does not exist', 99],
  ])('a tensor of %s', async (_, dataType) => {
    expect(await refusal(of({ initializers: [{ ...weight, dataType }] }))).toMatch(/the type of tensor "w"/);
  });

  test.each([
    ['that leaves the folder', { location: '../secret.bin' }, /a file inside the model's folder/],
    ['that leaves it by a detour', { location: 'a/../../secret.bin' }, /a file inside the model's folder/],
    ['that is absolute', { location: '/etc/passwd' }, /a file inside the model's folder/],
    ['that is empty', { location: '' }, /a file inside the model's folder/],
    ['that names nothing', { location: 'absent.bin' }, /no such file/],
    ['that names the folder', { location: '.' }, /a file inside the model's folder/],
    ['with an offset beyond the end', { location: 'data.bin', offset: '1000000000000' }, /within the 24 bytes/],
    ['with a negative offset', { location: 'data.bin', offset: '-4' }, /a whole number of bytes/],
    ['with an offset that is no number', { location: 'data.bin', offset: 'NaN' }, /a whole number of bytes/],
    ['with a length beyond the end', { location: 'data.bin', length: '99999' }, /within the 24 bytes/],
    ['with a length unlike the shape', { location: 'data.bin', length: '20' }, /6 elements, as its shape/],
  ])('external data %s', async (_, entries, message) => {
    const model = makeModel({ nodes: product, inputs, initializers: [external('w', [3, 2], entries)] });
    const text = await refusal(written(model, { 'data.bin': new Uint8Array(24) }));
    expect(text).toMatch(message);
    expect(text).toContain('tensor "w"');
  });

  test('a tensor with NaN', async () => {
    const initializers = [floats('w', [3, 2], [1, 2, Number.NaN, 4, 5, 6])];
    expect(await refusal(of({ initializers }))).toMatch(/tensor "w" of .* to be numbers, got "NaN at element 2"/);
  });

  test('a graph with a cycle', async () => {
    const nodes = [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Identity', ['b'], ['y'])];
    expect(await refusal(of({ nodes }))).toMatch(/node "the (Add|Relu)" .* independent of its own outputs/);
  });

  test('an unknown operator, with its node', async () => {
    const text = await refusal(of({ nodes: [node('Frobnicate', ['x'], ['y'])] }));
    expect(text).toMatch(/the operator of node "the Frobnicate" \(Frobnicate\) of .*cut it behind this node/);
  });

  test('operators with subgraphs', async () => {
    const nodes = [node('If', ['x'], ['y'], [{ name: 'then_branch', type: AttributeType.GRAPH, g: { name: 'then' } }])];
    expect(await refusal(of({ nodes }))).toMatch(/node "the If" .*without control flow/);
  });

  test('a value made twice, from nowhere, or of missing inputs', async () => {
    expect(await refusal(of({ nodes: [...product, ...product] }))).toMatch(/output "y" of node "the MatMul"/);
    expect(await refusal(of({ nodes: [node('Relu', ['z'], ['y'])] }))).toMatch(/value "z", wanted by node "the Relu"/);
    expect(await refusal(of({ nodes: [node('MatMul', ['x'], ['y'])] }))).toMatch(/input 1 of node "the MatMul"/);
  });

  test('shapes that do not fit', async () => {
    expect(await refusal(of({ inputs: { x: [2, 4] } }))).toMatch(/first operand's last dimension of node "the MatMul"/);
    expect(await refusal(of({ nodes: [node('Add', ['x', 'w'], ['y'])] }))).toMatch(/input shapes of node "the Add"/);
    const nodes = [node('Reshape', ['x', 's'], ['y'])];
    expect(await refusal(of({ nodes, initializers: [integers('s', [4, 4])] }))).toMatch(/shape of node "the Reshape"/);
  });

  test('results of absurd size without making them', async () => {
    const vast = integers('s', [2 ** 31, 2 ** 31]);
    for (const nodes of [[node('ConstantOfShape', ['s'], ['y'])], [node('Expand', ['one', 's'], ['y'])]]) {
      const initializers = [vast, floats('one', [1], [1])];
      expect(await refusal(of({ nodes, initializers }))).toMatch(/result of node/);
    }
    const bounds = ['a', 'b', 'c'].map((name, i) => ({ ...integers(name, [[0, 2 ** 50, 1][i] as number]), dims: [] }));
    expect(await refusal(of({ nodes: [node('Range', ['a', 'b', 'c'], ['y'])], initializers: bounds }))).toMatch(
      /length of node/,
    );
  });

  test('shapes that depend on data', async () => {
    const nodes = [node('Cast', ['x'], ['i'], [int('to', 7)]), node('Reshape', ['x', 'i'], ['y'])];
    expect(await refusal(of({ nodes }))).toMatch(/input 1 of node "the Reshape" .* known from shapes alone/);
  });

  test('an operator set that is too old', async () => {
    expect(await refusal(of({ opset: 9 }))).toMatch(/the operator set of .* version 11 or later, got 9/);
  });
});

test('a model that reads no tokens is no text network', async () => {
  const model = await openOnnx(fixture('whisper.dynamo.onnx'));
  expect(() => createOnnxNetwork(model)).toThrow(/the inputs of .*whisper\.dynamo\.onnx to be among input_ids/);
});
