import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import type { Device } from '../../src/graph/devices.ts';
import { gradientRules } from '../../src/graph/gradient-rules.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type TypedArray, type Value } from '../../src/graph/graph.ts';
import { add, mul, reduceSum, tanh } from '../../src/graph/operators.ts';
import { createSession } from '../../src/graph/session.ts';
import { type Case, cases, type InputSpec } from './cases.ts';
import { describeDevices, tolerances } from './present-devices.ts';
import { size, type Tensor } from './reference.ts';

/** The loss is Σ coefficients · output, so that every element of the output's gradient is different. */
interface Built {
  readonly graph: Graph;
  readonly output: Value;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly feeds: Readonly<Record<string, TypedArray>>;
  readonly coefficients: Float64Array;
}

describeDevices((device) => {
  describe.each(cases)('$name', (tested) => {
    test('value and gradients agree with float64', async () => {
      const tolerance = toleranceOf(tested, device);
      const specs = tested.inputs(1);
      const built = build(tested, 1);
      const outputs: Record<string, Value> = { ...built.outputs, output: built.output };
      const session = await createSession(built.graph, outputs, { device });
      const results = await session.run(built.feeds);
      await session.dispose();
      const tensors = specs.map((spec, i) => toTensor(spec, built.feeds[`x${i}`] as TypedArray));
      const reference = tested.reference(...tensors);
      expect(reference.shape).toEqual(built.output.shape);
      expectClose(results.output as Float32Array, reference.data, tolerance);
      specs.forEach((spec, i) => {
        if ('dtype' in spec) return;
        const expected = centralDifferences(tested, tensors, i, built.coefficients);
        expectClose(results[`gradient${i}`] as Float32Array, expected, tolerance);
      });
    });

    test.each(device === 'cpu' ? [1, 2] : [])('20 repeats are bit-identical at %i threads', async (threads) => {
      const { graph, outputs, feeds } = build(tested, 300);
      const session = await createSession(graph, outputs, { threads });
      const first = await session.run(feeds);
      for (let repeat = 1; repeat < 20; repeat++) {
        const again = await session.run(feeds);
        for (const name of Object.keys(outputs)) expect(sameBits(again[name], first[name])).toBe(true);
      }
      await session.dispose();
    });
  });

  test('gather of the size of a real batch, with few distinct indices, sums exactly at 1 and 2 threads', async () => {
    const [rows, width, count] = [512, 128, 2500];
    const rng = createRng(1);
    const graph = new Graph();
    const table = graph.parameter('table', [rows, width]);
    const indices = graph.input('indices', [count], 'int32');
    const tested = cases.find(({ name }) => name.startsWith('gather with int32')) as Case;
    const coefficients = graph.input('coefficients', [count, width]);
    const [gradient] = gradients(reduceSum(mul(tested.build(table, indices), coefficients)), [table]) as [Value];
    // Whole numbers add up without rounding in any order, so a lost update cannot hide.
    const feeds = {
      table: new Float32Array(rows * width),
      indices: Int32Array.from({ length: count }, () => rng.integer(0, 7)),
      coefficients: Float32Array.from({ length: count * width }, () => rng.integer(-9, 9)),
    };
    const expected = new Float32Array(rows * width);
    feeds.coefficients.forEach((c, i) => {
      const at = (feeds.indices[Math.floor(i / width)] as number) * width + (i % width);
      expected[at] = (expected[at] as number) + c;
    });
    for (const threads of device === 'cpu' ? [1, 2] : [1]) {
      const session = await createSession(graph, { gradient }, { threads, device });
      for (let repeat = 0; repeat < 50; repeat++) {
        const results = await session.run(feeds);
        expect(sameBits(results.gradient, expected)).toBe(true);
      }
      await session.dispose();
    }
  });
});

test('no gradient uses ScatterND, whose additions race at 2 threads where indices repeat', () => {
  const used = cases.flatMap((tested) => build(tested, 1).graph.nodes.map((node) => node.operator));
  expect(used).toContain('Gemm');
  expect(used).not.toContain('ScatterND');
});

test('every gradient rule is exercised by a case', () => {
  const used = new Set(cases.flatMap((tested) => forwardOperators(tested)));
  // Sum only adds up gradients; the next test differentiates it.
  expect(Object.keys(gradientRules).filter((operator) => !used.has(operator))).toEqual(['Sum']);
});

test('gradients can be differentiated again', async () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const [first] = gradients(reduceSum(add(mul(x, tanh(x)), x)), [x]) as [Value];
  const [second] = gradients(reduceSum(first), [x]) as [Value];
  expect(graph.nodes.map((node) => node.operator)).toContain('Sum');
  const session = await createSession(graph, { second });
  const points = [-0.7, 0.2, 1.3];
  const results = await session.run({ x: Float32Array.from(points) });
  await session.dispose();
  expectClose(
    results.second,
    Float64Array.from(points, (p) => 2 * (1 - p * Math.tanh(p)) * (1 - Math.tanh(p) ** 2)),
  );
});

test('an operator without a gradient rule is named', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const rounded = graph.emit({ operator: 'Round', inputs: [x] }, [3]);
  expect(() => gradients(reduceSum(rounded), [x])).toThrow(/operator Round to be one of Add, .* at gradients.test.ts/);
});

test('a value the loss does not depend on has a gradient of zeros', async () => {
  const graph = new Graph();
  const [x, unused] = [graph.parameter('x', [2]), graph.parameter('unused', [2, 2])];
  const [gradient] = gradients(reduceSum(x), [unused]) as [Value];
  const session = await createSession(graph, { gradient });
  expect(session.inputs).toEqual([]);
  expect((await session.run({})).gradient).toEqual(new Float32Array(4));
  await session.dispose();
});

function forwardOperators(tested: Case): string[] {
  const graph = new Graph();
  const specs = tested.inputs(1);
  tested.build(...specs.map((spec, i) => graph.input(`x${i}`, spec.shape, 'dtype' in spec ? spec.dtype : 'float32')));
  return graph.nodes.map((node) => node.operator);
}

function build(tested: Case, n: number): Built {
  const graph = new Graph();
  const rng = createRng(7, tested.name);
  const specs = tested.inputs(n);
  const inputs = specs.map((spec, i) => graph.input(`x${i}`, spec.shape, 'dtype' in spec ? spec.dtype : 'float32'));
  const output = tested.build(...inputs);
  const coefficients = Float32Array.from({ length: size(output.shape) }, () => rng.uniform() + 0.5);
  const loss = reduceSum(mul(output, graph.input('coefficients', output.shape)));
  const wrt = specs.flatMap((spec, i) => ('dtype' in spec ? [] : [i]));
  const flows = gradients(
    loss,
    wrt.map((i) => inputs[i] as Value),
  );
  const arrays = specs.map((spec) => draw(spec, rng));
  return {
    graph,
    output,
    outputs: Object.fromEntries(wrt.map((i, k) => [`gradient${i}`, flows[k] as Value])),
    feeds: { coefficients, ...Object.fromEntries(arrays.map((array, i) => [`x${i}`, array])) },
    coefficients: Float64Array.from(coefficients),
  };
}

function draw(spec: InputSpec, rng: ReturnType<typeof createRng>): TypedArray {
  const length = size(spec.shape);
  if (!('dtype' in spec)) {
    const { low = -1, high = 1 } = spec;
    return Float32Array.from({ length }, () => low + (high - low) * rng.uniform());
  }
  const numbers = Array.from({ length }, () => rng.integer(0, spec.below - 1));
  if (spec.dtype === 'int64') return BigInt64Array.from(numbers, BigInt);
  return spec.dtype === 'bool' ? Uint8Array.from(numbers) : Int32Array.from(numbers);
}

function toTensor(spec: InputSpec, data: TypedArray): Tensor {
  return { shape: spec.shape, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) };
}

function centralDifferences(tested: Case, inputs: readonly Tensor[], which: number, coefficients: Float64Array) {
  const loss = (data: Float64Array) => {
    const moved = inputs.map((input, i) => (i === which ? { ...input, data } : input));
    return tested.reference(...moved).data.reduce((total, value, i) => total + value * (coefficients[i] as number), 0);
  };
  const { data } = inputs[which] as Tensor;
  const h = 1e-5;
  return data.map((value, i) => (loss(data.with(i, value + h)) - loss(data.with(i, value - h))) / (2 * h));
}

/** WGSL asks of sines and cosines no more than an absolute error of 2⁻¹¹. */
function toleranceOf({ name }: Case, device: Device): number {
  return device === 'webgpu' && /sin|cos|rotary/.test(name) ? 2 ** -11 : tolerances[device];
}

function expectClose(actual: Float32Array, expected: Float64Array, tolerance: number = tolerances.cpu): void {
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number)) / scale).toBeLessThan(tolerance);
  });
}

function sameBits(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(bytes(a), bytes(b)) === 0;
}

function bytes(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
