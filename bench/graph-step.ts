/**
 * Time of one training step of the reference transformer (4 layers, width 128, 4 heads, batch 16 × 128 tokens), and
 * the share of each operator type. `node bench/graph-step.ts [threads=2] [steps=20]`; best on a quiet machine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../src/core/random.ts';
import { gradients } from '../src/graph/gradients.ts';
import { Graph, type Value } from '../src/graph/graph.ts';
import {
  add,
  attention,
  bceWithLogits,
  gather,
  gelu,
  layerNorm,
  linear,
  reduceMean,
  reshape,
  split,
  transpose,
} from '../src/graph/operators.ts';
import { createAdamW } from '../src/graph/optimizer.ts';
import { createSession } from '../src/graph/session.ts';

const threads = Number(process.argv[2] ?? 2);
const steps = Number(process.argv[3] ?? 20);
const [layers, width, heads, vocabulary, batch, length] = [4, 128, 4, 512, 16, 128];
const depth = width / heads;

const graph = new Graph();
const tokens = graph.input('tokens', [batch * length], 'int32');
const last = graph.input('last', [batch], 'int32');
const targets = graph.input('targets', [batch, 1]);
const mask = graph.constant(causalMask(length), [length, length]);

let stream = reshape(
  add(
    reshape(gather(graph.parameter('tokenEmbedding', [vocabulary, width]), tokens), [batch, length, width]),
    graph.parameter('positionEmbedding', [length, width]),
  ),
  [batch * length, width],
);
for (let layer = 0; layer < layers; layer++) {
  stream = add(stream, attend(norm(stream, `${layer}.norm1`), `${layer}.attention`));
  const hidden = gelu(dense(norm(stream, `${layer}.norm2`), `${layer}.up`, 4 * width));
  stream = add(stream, dense(hidden, `${layer}.down`, width));
}
const logits = dense(norm(gather(stream, last), 'norm'), 'head', 1);
const loss = reduceMean(bceWithLogits(logits, targets));
const forwardNodes = graph.nodes.length;
const named = Object.fromEntries(gradients(loss, graph.parameters).map((g, i) => [graph.parameters[i]?.name, g]));

function norm(x: Value, name: string): Value {
  return layerNorm(x, graph.parameter(`${name}.scale`, [width]), graph.parameter(`${name}.shift`, [width]));
}

function dense(x: Value, name: string, columns: number): Value {
  const rows = x.shape.at(-1) as number;
  return linear(x, graph.parameter(`${name}.weight`, [rows, columns]), graph.parameter(`${name}.bias`, [columns]));
}

function attend(x: Value, name: string): Value {
  const qkv = reshape(dense(x, `${name}.in`, 3 * width), [batch, length, 3, heads, depth]);
  const [q, k, v] = split(transpose(qkv, [2, 0, 3, 1, 4]), 0, 3).map((part) =>
    reshape(part, [batch, heads, length, depth]),
  ) as [Value, Value, Value];
  const mixed = reshape(transpose(attention(q, k, v, { mask }), [0, 2, 1, 3]), [batch * length, width]);
  return dense(mixed, `${name}.out`, width);
}

function causalMask(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => (i % size > Math.floor(i / size) ? -1e9 : 0));
}

const rng = createRng(0, 'bench');
const parameters = Object.fromEntries(
  graph.parameters.map(({ name, shape }) => [
    name,
    initial(
      name,
      shape.reduce((a, b) => a * b, 1),
    ),
  ]),
);
const buffers = Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, new Float32Array(p.length)]));
const feeds = {
  ...parameters,
  tokens: Int32Array.from({ length: batch * length }, () => rng.integer(0, vocabulary - 1)),
  last: Int32Array.from({ length: batch }, (_, i) => (i + 1) * length - 1),
  targets: Float32Array.from({ length: batch }, () => rng.integer(0, 1)),
};

function initial(name: string, size: number): Float32Array {
  if (name.endsWith('scale')) return new Float32Array(size).fill(1);
  return Float32Array.from({ length: size }, () => 0.02 * rng.normal());
}

const folder = mkdtempSync(join(tmpdir(), 'graph-step-'));
const optimizer = createAdamW(parameters, { maxNorm: 1 });
const outputs = { loss, ...named };
const session = await createSession(graph, outputs, { threads });
const times: number[] = [];
const hostTimes: number[] = [];
const losses: number[] = [];
for (let step = 0; step < steps; step++) {
  const start = performance.now();
  const result = await session.run(feeds, buffers);
  const ran = performance.now();
  optimizer.step(buffers, 1e-3);
  times.push(performance.now() - start);
  hostTimes.push(performance.now() - ran);
  losses.push((result.loss as Float32Array)[0] as number);
}
await session.dispose();
console.log(`nodes ${forwardNodes} forward, ${graph.nodes.length} in all; ${threads} threads`);
console.log(
  `step ${median(times)} ms (fastest ${Math.min(...times).toFixed(1)}), of it optimizer ${median(hostTimes)} ms`,
);
console.log(
  `loss ${losses
    .slice(0, 5)
    .map((x) => x.toFixed(6))
    .join(' ')} … ${losses.at(-1)?.toFixed(6)}`,
);

const profiled = await createSession(graph, outputs, { threads, profilePrefix: join(folder, 'profile') });
for (let step = 0; step < 10; step++) await profiled.run(feeds, buffers);
await profiled.dispose();
printShares(folder);
rmSync(folder, { recursive: true });

function printShares(folder: string): void {
  const file = readdirSync(folder).find((name) => name.endsWith('.json')) as string;
  const events: { cat: string; name: string; dur: number; args?: { op_name?: string } }[] = JSON.parse(
    readFileSync(join(folder, file), 'utf8'),
  );
  const kernels = events.filter((event) => event.cat === 'Node' && event.name.endsWith('_kernel_time'));
  const total = kernels.reduce((sum, event) => sum + event.dur, 0);
  const types = Map.groupBy(kernels, (event) => event.args?.op_name ?? '?');
  const rows = [...types].map(([type, list]) => ({ type, us: list.reduce((s, e) => s + e.dur, 0), n: list.length }));
  console.log(`in operators ${(total / 10_000).toFixed(1)} ms per step`);
  for (const { type, us, n } of rows.sort((a, b) => b.us - a.us)) {
    const share = ((100 * us) / total).toFixed(1).padStart(5);
    console.log(`${share} %  ${(us / 10_000).toFixed(2).padStart(7)} ms  ${String(n / 10).padStart(4)} × ${type}`);
  }
}

function median(values: readonly number[]): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number).toFixed(1);
}
