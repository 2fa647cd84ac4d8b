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

export interface Size {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly batch: number;
  readonly length: number;
}

/** A decoder with one head at the last token: its loss, gradients by parameter name, first weights and a batch. */
export function referenceTransformer(size: Size) {
  const { vocabulary, width, batch, length } = size;
  const graph = new Graph();
  const tokens = graph.input('tokens', [batch * length], 'int32');
  const embedded = gather(graph.parameter('embedding', [vocabulary, width]), tokens);
  const placed = add(reshape(embedded, [batch, length, width]), graph.parameter('positions', [length, width]));
  let stream = reshape(placed, [batch * length, width]);
  for (let layer = 0; layer < size.layers; layer++) stream = block(stream, `${layer}`, size);
  const last = norm(gather(stream, graph.input('last', [batch], 'int32')), 'norm');
  const loss = reduceMean(bceWithLogits(dense(last, 'head', 1), graph.input('targets', [batch, 1])));
  const flows = gradients(loss, graph.parameters);
  const named = Object.fromEntries(graph.parameters.map(({ name }, i) => [name, flows[i] as Value]));
  return { graph, loss, gradients: named, weights: initialWeights(graph), feeds: randomBatch(size) };
}

function block(stream: Value, name: string, size: Size): Value {
  const attended = add(stream, attend(norm(stream, `${name}.norm1`), `${name}.attention`, size));
  const hidden = gelu(dense(norm(attended, `${name}.norm2`), `${name}.up`, 4 * size.width));
  return add(attended, dense(hidden, `${name}.down`, size.width));
}

function attend(x: Value, name: string, { batch, length, heads, width }: Size): Value {
  const looks = (i: number) => (i % length > Math.floor(i / length) ? -1e9 : 0);
  const mask = x.graph.constant(
    Float32Array.from({ length: length * length }, (_, i) => looks(i)),
    [length, length],
  );
  const qkv = reshape(dense(x, `${name}.in`, 3 * width), [batch, length, 3, heads, width / heads]);
  const [q, k, v] = split(transpose(qkv, [2, 0, 3, 1, 4]), 0, 3).map((part) =>
    reshape(part, [batch, heads, length, width / heads]),
  ) as [Value, Value, Value];
  const mixed = transpose(attention(q, k, v, { mask }), [0, 2, 1, 3]);
  return dense(reshape(mixed, [batch * length, width]), `${name}.out`, width);
}

function norm(x: Value, name: string): Value {
  const width = x.shape.slice(-1);
  return layerNorm(x, x.graph.parameter(`${name}.scale`, width), x.graph.parameter(`${name}.shift`, width));
}

function dense(x: Value, name: string, columns: number): Value {
  const rows = x.shape.at(-1) as number;
  return linear(x, x.graph.parameter(`${name}.weight`, [rows, columns]), x.graph.parameter(`${name}.bias`, [columns]));
}

function initialWeights(graph: Graph): Record<string, Float32Array> {
  const rng = createRng(0, 'bench');
  const draw = (name: string, length: number) =>
    Float32Array.from({ length }, () => (name.endsWith('scale') ? 1 : 0.02 * rng.normal()));
  return Object.fromEntries(
    graph.parameters.map(({ name, shape }) => [
      name,
      draw(
        name,
        shape.reduce((a, b) => a * b, 1),
      ),
    ]),
  );
}

function randomBatch({ vocabulary, batch, length }: Size) {
  const rng = createRng(0, 'bench-batch');
  return {
    tokens: Int32Array.from({ length: batch * length }, () => rng.integer(0, vocabulary - 1)),
    last: Int32Array.from({ length: batch }, (_, i) => (i + 1) * length - 1),
    targets: Float32Array.from({ length: batch }, () => rng.integer(0, 1)),
  };
}
