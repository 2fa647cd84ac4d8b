/** The operators that these families alone use, against plain arithmetic and differences. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../src/graph/gradients.ts';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { rmsNorm } from '../../../src/graph/operators/rms-norm.ts';
import { rotary } from '../../../src/graph/operators/rotary.ts';
import { tanhGelu } from '../../../src/graph/operators/tanh-gelu.ts';
import { mul, reduceSum } from '../../../src/graph/operators.ts';
import { createSession } from '../../../src/graph/session.ts';

/** y and ∂Σ(y · y)/∂x for y = f(x). */
async function valueAndGradient(x: Float32Array, shape: readonly number[], f: (x: Value) => Value) {
  const graph = new Graph();
  const input = graph.parameter('x', shape);
  const y = f(input);
  const [gradient] = gradients(reduceSum(mul(y, y)), [input]) as readonly [Value];
  const session = await createSession(graph, { y, gradient });
  const results = await session.run({ x });
  await session.dispose();
  return results;
}

const waves = (length: number) => Float32Array.from({ length }, (_, i) => 2 * Math.sin(1.7 * i + 0.3));
function expectClose(got: Float32Array, wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i] as number, 4);
  });
}

describe('rotary', () => {
  const [heads, tokens, depth] = [2, 3, 6];
  const angle = (position: number, pair: number) => position * (pair + 0.5);
  const turned = (x: Float32Array, pairs: number, start: number) =>
    Array.from(x, (value, i) => {
      const [place, token] = [i % depth, Math.floor(i / depth) % tokens];
      if (place >= 2 * pairs) return value;
      const a = angle(token + start, place % pairs);
      const other = x[place < pairs ? i + pairs : i - pairs] as number;
      return value * Math.cos(a) + (place < pairs ? -other : other) * Math.sin(a);
    });
  const tables = (graph: Graph, pairs: number) => {
    const table = (wave: (a: number) => number) =>
      graph.constant(
        Array.from({ length: 8 * pairs }, (_, i) => wave(angle(Math.floor(i / pairs), i % pairs))),
        [8, pairs],
      );
    return { cosines: table(Math.cos), sines: table(Math.sin) };
  };

  it.each([3, 2, 1])('turns %i pairs, from any position, and its gradient turns back', async (pairs) => {
    const x = waves(heads * tokens * depth);
    for (const start of [0, 4]) {
      const { y, gradient } = await valueAndGradient(x, [1, heads, tokens, depth], (value) =>
        rotary(value, { ...tables(value.graph, pairs), positions: value.graph.integers([start]) }),
      );
      expectClose(y, turned(x, pairs, start));
      // A rotation keeps the sum of squares, whose gradient is 2x.
      expectClose(
        gradient,
        Array.from(x, (value) => 2 * value),
      );
    }
  });

  it('refuses more pairs than there are', () => {
    const graph = new Graph();
    const x = graph.input('x', [1, heads, tokens, depth]);
    expect(() => rotary(x, { ...tables(graph, 4), positions: graph.integers([0]) })).toThrow(/rotary/);
  });
});

describe('rmsNorm', () => {
  const norm = (x: readonly number[], scale: readonly number[]) => {
    const r = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + 0.01);
    return x.map((value, i) => value * r * (scale[i] as number));
  };

  it('divides by the root of the mean square, with the gradient of differences', async () => {
    const scale = [1, -2, 0.5, 3];
    const x = waves(4);
    const { y, gradient } = await valueAndGradient(x, [1, 4], (value) =>
      rmsNorm(value, value.graph.constant(scale, [4]), 0.01),
    );
    expectClose(y, norm([...x], scale));
    const loss = (values: readonly number[]) => norm(values, scale).reduce((sum, value) => sum + value * value, 0);
    expectClose(gradient, differences(loss, [...x]));
  });

  it('refuses a scale of another length', () => {
    const graph = new Graph();
    expect(() => rmsNorm(graph.input('x', [2, 4]), graph.input('scale', [3]), 1e-6)).toThrow(/rmsNorm/);
  });
});

describe('tanhGelu', () => {
  const plain = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

  it('is the approximation, with the gradient of differences, and stays finite far out', async () => {
    const x = Float32Array.of(...waves(6), 0, 30, -30, 1000, -1000);
    const { y, gradient } = await valueAndGradient(x, [x.length], tanhGelu);
    expectClose(y, Array.from(x, plain));
    const loss = (values: readonly number[]) => values.reduce((sum, value) => sum + plain(value) ** 2, 0);
    expectClose(gradient.subarray(0, 7), differences(loss, [...x].slice(0, 7)));
    expect([...gradient].every(Number.isFinite)).toBe(true);
  });
});

function differences(loss: (values: readonly number[]) => number, at: readonly number[]): number[] {
  const step = 1e-5;
  const moved = (i: number, by: number) => loss(at.map((value, j) => (j === i ? value + by : value)));
  return at.map((_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
}
