import { expect, test } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { attention, causalAttention, mul, reduceSum } from '../../src/graph/operators.ts';
import { createSession } from '../../src/graph/session.ts';

/** Output and gradients of a weighted sum of it, by one of two ways to attend. */
async function computed(attend: (q: Value, k: Value, v: Value, mask: Value) => Value, tokens: number) {
  const shape = [2, 3, tokens, 4];
  const graph = new Graph();
  const [q, k, v] = ['q', 'k', 'v'].map((name) => graph.parameter(name, shape)) as [Value, Value, Value];
  const hidden = Float32Array.from({ length: tokens ** 2 }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e9 : 0));
  const output = attend(q, k, v, graph.constant(hidden, [tokens, tokens]));
  const flows = gradients(reduceSum(mul(output, graph.input('w', shape))), [q, k, v]);
  const session = await createSession<string>(graph, { output, q: flows[0], k: flows[1], v: flows[2] } as Record<
    string,
    Value
  >);
  const rng = createRng(tokens, 'causal-attention');
  const draw = () => Float32Array.from({ length: 24 * tokens }, () => rng.normal());
  const result = await session.run({ q: draw(), k: draw(), v: draw(), w: draw() });
  await session.dispose();
  return { result, nodes: graph.nodes.length };
}

test.each([5, 127, 128, 131, 200, 300])(
  'attention in blocks is attention under a causal mask: %i tokens',
  async (tokens) => {
    const whole = await computed((q, k, v, mask) => attention(q, k, v, { mask }), tokens);
    const blocks = await computed((q, k, v, mask) => causalAttention(q, k, v, { mask }), tokens);
    for (const [name, values] of Object.entries(whole.result)) {
      values.forEach((value, i) => {
        expect(Math.abs((blocks.result[name]?.[i] as number) - value), `${name} at ${i}`).toBeLessThan(2e-5);
      });
    }
    expect(blocks.nodes > whole.nodes).toBe(tokens >= 128);
  },
);
