import { expect, test } from 'vitest';
import { gradients } from '../../../src/graph/gradients.ts';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { bceWithLogits, reduceMean, reduceSum, reshape } from '../../../src/graph/operators.ts';
import { createSession } from '../../../src/graph/session.ts';
import { adapterTargets, initialAdapters } from '../../../src/models/adapters.ts';
import { headNames } from '../../../src/models/heads.ts';
import { buildModel } from '../../../src/models/model-graph.ts';
import { buildOnnx } from '../../../src/models/onnx/build-onnx.ts';
import { inspectOnnx } from '../../../src/models/onnx/inspect-onnx.ts';
import { createOnnxNetwork } from '../../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../../src/models/onnx/read-onnx-weights.ts';
import type { NamedTensors } from '../../../src/models/safetensors.ts';
import { external, floats, int, integers, makeModel, node, written } from './make-model.ts';
import { fixture, type Golden, goldenOf, plainLayers, relativeError } from './support.ts';

const arrays = (tensors: NamedTensors) => Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));

test('a model lists its values with shapes, types and the modules they come from', async () => {
  for (const exporter of ['legacy', 'dynamo']) {
    const model = await openOnnx(fixture(`bert.${exporter}.onnx`));
    const ids = [2, 5];
    const { values, hiddenStates } = inspectOnnx(model, { input_ids: ids, attention_mask: ids, token_type_ids: ids });
    const byName = new Map(values.map((value) => [value.name, value]));
    expect(byName.get('input_ids')).toMatchObject({ shape: [2, 5], dtype: 'int64', operator: 'Input' });
    expect(byName.get('model.embeddings.word_embeddings.weight')).toMatchObject({
      shape: [40, 12],
      operator: 'Weight',
    });
    const last = byName.get(hiddenStates?.at(-1) as string);
    expect(last).toMatchObject({
      shape: [2, 5, 12],
      dtype: 'float32',
      scope: 'model.encoder.layer.1.output.LayerNorm',
    });
    expect(hiddenStates).toHaveLength(3);
  }
});

test('weights that exporters renamed are named after their modules', async () => {
  for (const exporter of ['legacy', 'dynamo']) {
    const model = await openOnnx(fixture(`bert.${exporter}.onnx`));
    expect([...model.weights.keys()].filter((name) => name.endsWith('query.weight'))).toEqual([
      'model.encoder.layer.0.attention.self.query.weight',
      'model.encoder.layer.1.attention.self.query.weight',
    ]);
    expect(createOnnxNetwork(model)).toMatchObject({
      family: 'onnx',
      width: 12,
      layers: 2,
      vocabulary: 40,
      maxTokens: 32,
    });
  }
});

test('a model cut in two computes what it computes whole', async () => {
  const model = await openOnnx(fixture('whisper.legacy.onnx'));
  const golden = goldenOf('whisper');
  const features = golden.inputs.input_features as Golden;
  const names = inspectOnnx(model, { input_features: features.shape }).hiddenStates as readonly string[];
  const [, middle, last] = names as [string, string, string];
  const graph = new Graph();
  const { weights, layers } = plainLayers(graph, model.weights);
  const cut = graph.input('middle', [2, 8, 12]);
  const { outputs } = buildOnnx(model, { graph, layers, inputs: new Map([[middle, cut]]), outputs: [last] });
  expect([...weights.keys()].some((name) => name.includes('conv') || name.includes('layers.0'))).toBe(false);
  const session = await createSession(graph, { last: outputs.get(last) as Value });
  const feeds = { ...arrays(await readOnnxWeights(model, weights.keys())), middle: floatsOf(golden.hidden[1]) };
  const results = await session.run(feeds);
  await session.dispose();
  expect(relativeError(results.last, golden.hidden[2]?.data ?? [])).toBeLessThan(1e-5);
});

test('an operator without a gradient rule runs, and is named with its node when a gradient is asked of it', async () => {
  const nodes = [node('MatMul', ['x', 'w'], ['p']), node('CumSum', ['p', 'axis'], ['y'])];
  const initializers = [floats('w', [3, 2], [1, 2, 3, 4, 5, 6]), { ...integers('axis', [1]), dims: [] }];
  const model = await openOnnx(written(makeModel({ nodes, initializers, inputs: { x: [0, 3] } })));
  const graph = new Graph();
  const { weights, layers } = plainLayers(graph, model.weights);
  const x = graph.input('x', [1, 3]);
  const y = buildOnnx(model, { graph, layers, inputs: new Map([['x', x]]), outputs: ['y'] }).outputs.get('y') as Value;
  const session = await createSession(graph, { y });
  const results = await session.run({ x: Float32Array.of(1, 1, 1), ...arrays(await readOnnxWeights(model)) });
  await session.dispose();
  expect([...results.y]).toEqual([9, 21]);
  expect(() => gradients(reduceSum(y), [...weights.values()])).toThrow(
    /operator CumSum of node "the CumSum" \(CumSum\) of .*model\.onnx to be one with a gradient rule.*Freeze/,
  );
});

test('tensors of every float type, in the file and beside it, are read as 32-bit floats', async () => {
  const halves = Uint16Array.of(0x3c00, 0xc000);
  const initializers = [
    { name: 'half', dataType: 10, dims: [2n], rawData: new Uint8Array(halves.buffer) },
    { name: 'packed-half', dataType: 10, dims: [2n], int32Data: [0x3c00, 0xc000] },
    { name: 'brain', dataType: 16, dims: [2n], rawData: new Uint8Array(Uint16Array.of(0x3f80, 0xc000).buffer) },
    { name: 'double', dataType: 11, dims: [2n], doubleData: [1, -2] },
    { name: 'listed', dataType: 1, dims: [2n], floatData: [1, -2] },
    external('beside', [2], { location: 'data.bin', offset: '4', length: '8' }),
  ];
  const nodes = [
    node(
      'Concat',
      initializers.map(({ name }) => name as string),
      ['y'],
      [int('axis', 0)],
    ),
  ];
  const beside = new Uint8Array(Float32Array.of(7, 1, -2).buffer);
  const model = await openOnnx(written(makeModel({ nodes, initializers }), { 'data.bin': beside }));
  for (const { data } of (await readOnnxWeights(model)).values()) expect([...data]).toEqual([1, -2]);
  await expect(readOnnxWeights(model, ['absent'])).rejects.toThrow(/weight of .* one it has, got "absent"/);
});

test('fine-tuning all weights of an opened model lowers the loss', async () => {
  const model = await openOnnx(fixture('deberta.legacy.onnx'));
  const network = createOnnxNetwork(model);
  const weights = await readOnnxWeights(model, network.weights.keys());
  const { first, last } = await finetune(network, new Map(weights), [...weights.keys()]);
  expect(last).toBeLessThan(first / 3);
});

test('LoRA on weights chosen by pattern trains adapters and head alone', async () => {
  const model = await openOnnx(fixture('bert.dynamo.onnx'));
  const network = createOnnxNetwork(model);
  const targets = adapterTargets(network, ['*.query.weight', '*.value.weight']);
  expect(targets).toHaveLength(4);
  const adapters = { rank: 2, alpha: 4, weights: targets };
  const added = initialAdapters(network, adapters, 0);
  const frozen = await readOnnxWeights(model, network.weights.keys());
  const before = [...frozen].map(([name, { data }]) => [name, data.slice()] as const);
  const { first, last } = await finetune(network, new Map([...frozen, ...added]), [...added.keys()], adapters);
  expect(last).toBeLessThan(first / 2);
  for (const [name, data] of before) expect(frozen.get(name)?.data).toEqual(data);
});

/** Forty steps of gradient descent on two texts with opposite targets, read by one head. */
async function finetune(
  network: ReturnType<typeof createOnnxNetwork>,
  tensors: Map<string, NamedTensors extends ReadonlyMap<string, infer T> ? T : never>,
  trained: readonly string[],
  adapters?: Parameters<typeof buildModel>[1]['adapters'],
) {
  tensors.set(headNames.weight, { shape: [network.width, 1], data: new Float32Array(network.width).fill(0.01) });
  tensors.set(headNames.bias, { shape: [1], data: new Float32Array(1) });
  const names = [...trained, headNames.weight, headNames.bias];
  const graph = new Graph();
  const shape = { network, heads: 1, readAt: 'last' as const, ...(adapters && { adapters }) };
  const { weights, logits } = buildModel(graph, shape, { batch: 2, tokens: 5 }, 'last');
  const loss = reduceMean(bceWithLogits(reshape(logits, [2]), graph.constant([1, 0], [2])));
  const flows = gradients(
    loss,
    names.map((name) => weights.get(name) as Value),
  );
  const outputs = Object.fromEntries(names.map((name, i) => [name, flows[i] as Value]));
  const session = await createSession<string>(graph, { ...outputs, 'the loss': loss });
  const feeds = {
    ...arrays(tensors),
    tokens: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 0),
    'last-positions': Int32Array.of(4, 2),
    'last-rows': Int32Array.of(4, 7),
  };
  const losses: number[] = [];
  for (let step = 0; step < 40; step++) {
    const results = await session.run(feeds);
    losses.push(results['the loss']?.[0] as number);
    for (const name of names) {
      const array = feeds[name as never] as Float32Array;
      array.forEach((value, i) => {
        array[i] = value - 0.1 * (results[name]?.[i] as number);
      });
    }
  }
  await session.dispose();
  return { first: losses[0] as number, last: losses.at(-1) as number };
}

function floatsOf(golden: Golden | undefined): Float32Array {
  return Float32Array.from(golden?.data ?? []);
}
