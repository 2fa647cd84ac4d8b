import { expect, test } from 'vitest';
import { createTrainer } from '../../src/graph/create-trainer.ts';
import { createGradientSession } from '../../src/graph/gradient-session.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import {
  add,
  attention,
  bceWithLogits,
  crossEntropy,
  gather,
  gelu,
  layerNorm,
  linear,
  mul,
  reduceMean,
  reshape,
  slice,
  split,
  transpose,
} from '../../src/graph/operators.ts';
import golden from '../golden/graph-training.golden.json' with { type: 'json' };
import { describeDevices, tolerances } from './present-devices.ts';

const [batch, length, width, heads, vocabulary, classes] = [3, 6, 8, 2, 11, 4];

describeDevices((device) => {
  test('five clipped AdamW steps of a small transformer agree with PyTorch', async () => {
    const { graph, loss } = transformer();
    const parameters = Object.fromEntries(graph.parameters.map(({ name, shape }, i) => [name, initial(i, shape)]));
    const flows = gradients(loss, graph.parameters);
    const named = Object.fromEntries(graph.parameters.map(({ name }, i) => [name, flows[i] as Value]));
    const session = await createGradientSession(graph, loss, named, { device });
    const trainer = await createTrainer(parameters, { weightDecay: 0.1, maxNorm: 1 }, device);
    const feeds = {
      tokens: Int32Array.from({ length: batch * length }, (_, i) => (i * i) % vocabulary),
      targets: Float32Array.of(0, 1, 0.25),
      classes: Int32Array.from({ length: batch * length }, (_, i) => i % classes),
    };
    const tolerance = tolerances[device];
    for (let step = 0; step < golden.losses.length; step++) {
      expectClose(await trainer.accumulate(session, feeds), golden.losses[step], tolerance);
      expectClose(await trainer.update(0.02), golden.norms[step], tolerance);
    }
    const weights = await trainer.weights();
    await trainer.dispose();
    await session.dispose();
    for (const name of ['embedding', 'in.weight'] as const) {
      weights[name]?.forEach((value, i) => {
        expectClose(value, golden[name][i], tolerance);
      });
    }
  });
});

/** The model of test/golden/scripts/graph-training.py, its parameters declared in the same order. */
function transformer() {
  const graph = new Graph();
  const shapes: Record<string, readonly number[]> = {
    embedding: [vocabulary, width],
    positions: [length, width],
    'norm1.scale': [width],
    'norm1.shift': [width],
    'in.weight': [width, 3 * width],
    'in.bias': [3 * width],
    'out.weight': [width, width],
    'out.bias': [width],
    'norm2.scale': [width],
    'norm2.shift': [width],
    'up.weight': [width, 4 * width],
    'up.bias': [4 * width],
    'down.weight': [4 * width, width],
    'down.bias': [width],
    'head.weight': [width, 1],
    'head.bias': [1],
    'classes.weight': [width, classes],
    'classes.bias': [classes],
  };
  const weights = new Map(Object.entries(shapes).map(([name, shape]) => [name, graph.parameter(name, shape)]));
  const weight = (name: string) => weights.get(name) as Value;
  const dense = (x: Value, name: string) => linear(x, weight(`${name}.weight`), weight(`${name}.bias`));
  const norm = (x: Value, name: string) => layerNorm(x, weight(`${name}.scale`), weight(`${name}.shift`));
  const tokens = graph.input('tokens', [batch, length], 'int32');
  let x = add(gather(weight('embedding'), tokens), weight('positions'));
  x = add(x, dense(mixed(dense(norm(x, 'norm1'), 'in'), graph), 'out'));
  x = add(x, dense(gelu(dense(norm(x, 'norm2'), 'up')), 'down'));
  const last = reshape(slice(x, 1, length - 1, length), [batch, width]);
  const logits = reshape(dense(last, 'head'), [batch]);
  const perToken = crossEntropy(
    reshape(dense(x, 'classes'), [-1, classes]),
    graph.input('classes', [batch * length], 'int32'),
  );
  const supervised = reduceMean(bceWithLogits(logits, graph.input('targets', [batch])));
  return { graph, loss: add(supervised, mul(reduceMean(perToken), 0.5)) };
}

function mixed(qkv: Value, graph: Graph): Value {
  const causal = Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0));
  const mask = graph.constant(causal, [length, length]);
  const parts = split(transpose(reshape(qkv, [batch, length, 3, heads, -1]), [2, 0, 3, 1, 4]), 0, 3);
  const [q, k, v] = parts.map((part) => reshape(part, [batch, heads, length, -1])) as [Value, Value, Value];
  return reshape(transpose(attention(q, k, v, { mask }), [0, 2, 1, 3]), [batch, length, width]);
}

function initial(index: number, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return Float32Array.from({ length: size }, (_, i) => 0.5 * Math.sin(0.7 * i + index));
}

function expectClose(actual: number, expected: number | undefined, tolerance: number): void {
  expect(Math.abs(actual - (expected as number))).toBeLessThan(tolerance * Math.max(1, expected as number));
}
