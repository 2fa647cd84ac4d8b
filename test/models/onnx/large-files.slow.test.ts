import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { createSession } from '../../../src/graph/session.ts';
import { buildOnnx } from '../../../src/models/onnx/build-onnx.ts';
import { openOnnx } from '../../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../../src/models/onnx/read-onnx-weights.ts';
import { external, makeModel, node, written } from './make-model.ts';
import { plainLayers } from './support.ts';

const side = 16_384;
const block = 4 * side * side;

test('a model with 4 GiB of external data opens, and a value is tapped without reading the rest', async () => {
  const vast = ['a', 'b', 'c', 'd'].map((name, i) =>
    external(name, [side, side], { location: 'weights.bin', offset: `${i * block}`, length: `${block}` }),
  );
  const small = external('e', [3, 2], { location: 'weights.bin', offset: `${4 * block}`, length: '24' });
  const nodes = [
    node('MatMul', ['x', 'e'], ['tapped']),
    ...['a', 'b', 'c', 'd'].map((name) => node('MatMul', ['z', name], [`from ${name}`])),
    node('Sum', ['from a', 'from b', 'from c', 'from d'], ['y']),
  ];
  const inputs = { x: [0, 3], z: [0, side] };
  const file = written(makeModel({ nodes, initializers: [...vast, small], inputs }), {
    'weights.bin': new Uint8Array(),
  });
  const handle = openSync(join(dirname(file), 'weights.bin'), 'w');
  // Holes take no room on disk.
  ftruncateSync(handle, 4 * block);
  writeSync(handle, new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 0, 24, 4 * block);
  closeSync(handle);

  const before = process.memoryUsage().rss;
  const model = await openOnnx(file);
  expect(model.weights.get('d')?.shape).toEqual([side, side]);
  const graph = new Graph();
  const { weights, layers } = plainLayers(graph, model.weights);
  const given = new Map([['x', graph.input('x', [1, 3])]]);
  const { outputs } = buildOnnx(model, { graph, layers, inputs: given, outputs: ['tapped'] });
  const session = await createSession(graph, { tapped: outputs.get('tapped') as Value });
  const e = (await readOnnxWeights(model, weights.keys())).get('e');
  const results = await session.run({ x: Float32Array.of(1, 1, 1), e: e?.data as Float32Array });
  await session.dispose();
  expect([...results.tapped]).toEqual([9, 12]);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);

  // One of the vast ones costs its own numbers and little else.
  const [, d] = [...(await readOnnxWeights(model, ['d']))][0] as [string, { data: Float32Array }];
  expect(d.data.byteLength).toBe(block);
  expect(process.memoryUsage().rss - before).toBeLessThan(block + 300 * 2 ** 20);
});
