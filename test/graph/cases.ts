import type { Value } from '../../src/graph/graph.ts';
import type { ConvOptions } from '../../src/graph/operators/conv.ts';
import {
  abs,
  add,
  attention,
  bceWithLogits,
  cast,
  concat,
  conv,
  cos,
  crossEntropy,
  div,
  erf as erfOf,
  exp,
  expand,
  gather,
  gatherElements,
  gelu,
  layerNorm,
  linear,
  log,
  logSoftmax,
  matmul,
  mul,
  neg,
  normLinear,
  pow,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  sub,
  tanh,
  transpose,
  where,
} from '../../src/graph/operators.ts';
import { byRow, erf, get, mapped, product, softmaxRow, sum, swapLast, type Tensor, tensor } from './reference.ts';

/** A differentiable input: uniform in [low, high]. Integer inputs are whole numbers in [0, below). */
export type InputSpec =
  | { readonly shape: readonly number[]; readonly low?: number; readonly high?: number }
  | { readonly shape: readonly number[]; readonly below: number; readonly dtype: 'int32' | 'int64' | 'bool' };

/** An operator, built on the engine and computed in float64. `n` scales the sizes: 1 for exact checks, more for races. */
export interface Case {
  readonly name: string;
  readonly inputs: (n: number) => readonly InputSpec[];
  readonly build: (...values: Value[]) => Value;
  readonly reference: (...values: Tensor[]) => Tensor;
}

const one = (n: number): InputSpec[] => [{ shape: [3 * n, 5], low: -2, high: 2 }];
const positive = (n: number): InputSpec[] => [{ shape: [3 * n, 5], low: 0.3, high: 2 }];
const bool = (shape: readonly number[]): InputSpec => ({ shape, below: 2, dtype: 'bool' });

function unary(name: string, build: (x: Value) => Value, f: (x: number) => number, inputs = one): Case {
  return { name, inputs, build, reference: (x) => mapped(x, f) };
}

type Binary = readonly [build: (a: Value, b: Value) => Value, f: (a: number, b: number) => number];

function binary(name: string, [build, f]: Binary, shapes: (n: number) => readonly [number[], number[]]): Case {
  return {
    name,
    inputs: (n) => shapes(n).map((shape) => ({ shape, low: 0.5, high: 2 })),
    build,
    reference: (a, b) => tensor(broadcast(a.shape, b.shape), (i) => f(get(a, i), get(b, i))),
  };
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a.at(i - rank) ?? 1, b.at(i - rank) ?? 1));
}

const binaries: Readonly<Record<string, Binary>> = {
  add: [add, (a, b) => a + b],
  sub: [sub, (a, b) => a - b],
  mul: [mul, (a, b) => a * b],
  div: [div, (a, b) => a / b],
};
const broadcasts: Readonly<Record<string, (n: number) => readonly [number[], number[]]>> = {
  'equal shapes': (n) => [
    [2 * n, 3],
    [2 * n, 3],
  ],
  'a row': (n) => [[2 * n, 2, 3], [3]],
  'a column': (n) => [
    [2 * n, 1],
    [2 * n, 3],
  ],
  'both ways': (n) => [
    [2 * n, 1, 3],
    [4, 1],
  ],
  'a scalar': (n) => [[], [2 * n, 3]],
};

function matmulCase(
  name: string,
  shapes: (n: number) => [number[], number[]],
  ta: boolean,
  tb: boolean,
  alpha = 1,
): Case {
  return {
    name: `matmul ${name}${ta ? ', a transposed' : ''}${tb ? ', b transposed' : ''}`,
    inputs: (n) => {
      const [a, b] = shapes(n);
      return [{ shape: ta ? swapped(a) : a }, { shape: tb ? swapped(b) : b }];
    },
    build: (a, b) => matmul(a, b, { transposeA: ta, transposeB: tb, alpha }),
    reference: (a, b) => {
      const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
      return mapped(product(ta ? swapLast(a) : a, tb ? swapLast(b) : b, batch), (x) => alpha * x);
    },
  };
}

function swapped(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), shape.at(-1) as number, shape.at(-2) as number];
}

const flags = [false, true].flatMap((ta) => [false, true].map((tb) => [ta, tb] as const));
const matmuls = flags.flatMap(([ta, tb]) => [
  matmulCase(
    'of matrices',
    (n) => [
      [3 * n, 4],
      [4, 5],
    ],
    ta,
    tb,
    0.5,
  ),
  matmulCase(
    'of batches',
    (n) => [
      [2 * n, 2, 3, 4],
      [2 * n, 2, 4, 5],
    ],
    ta,
    tb,
    2,
  ),
  matmulCase(
    'of a batch and one matrix',
    (n) => [
      [2 * n, 3, 4],
      [4, 5],
    ],
    ta,
    tb,
  ),
  matmulCase(
    'of one matrix and a batch',
    (n) => [
      [3, 4],
      [2 * n, 4, 5],
    ],
    ta,
    tb,
  ),
  matmulCase(
    'of batches that broadcast',
    (n) => [
      [2 * n, 1, 3, 4],
      [3, 4, 2],
    ],
    ta,
    tb,
  ),
]);

type Reduction = readonly [build: typeof reduceSum, f: (values: number[]) => number];
const reductions: Readonly<Record<string, Reduction>> = {
  reduceSum: [reduceSum, (values) => values.reduce((a, b) => a + b)],
  reduceMean: [reduceMean, (values) => values.reduce((a, b) => a + b) / values.length],
  reduceMax: [reduceMax, (values) => Math.max(...values)],
};

function reductionCases(name: string, [build, f]: Reduction): Case[] {
  const inputs = (n: number) => [{ shape: [3 * n, 4], low: -2, high: 2 }];
  const columns = (x: Tensor) =>
    tensor([x.shape[1] as number], ([j]) =>
      f(Array.from({ length: x.shape[0] as number }, (_, i) => get(x, [i, j as number]))),
    );
  const rows = (x: Tensor) =>
    tensor([x.shape[0] as number, 1], ([i]) => f(Array.from({ length: 4 }, (_, j) => get(x, [i as number, j]))));
  return [
    { name: `${name} of columns`, inputs, build: (x) => build(x, { axes: 0 }), reference: columns },
    {
      name: `${name} of rows, kept`,
      inputs,
      build: (x) => build(x, { axes: -1, keepDimensions: true }),
      reference: rows,
    },
    { name: `${name} of all`, inputs, build: (x) => build(x), reference: (x) => tensor([], () => f([...x.data])) },
  ];
}

function layerNormRow(row: number[], scale: Tensor, shift: Tensor): number[] {
  const mean = sum(row.length, (i) => row[i] as number) / row.length;
  const variance = sum(row.length, (i) => ((row[i] as number) - mean) ** 2) / row.length;
  return row.map((x, i) => ((x - mean) / Math.sqrt(variance + 1e-5)) * get(scale, [i]) + get(shift, [i]));
}

function attentionReference(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const scores = product(q, swapLast(k));
  const scaled = tensor(scores.shape, (i) => get(scores, i) / Math.sqrt(q.shape.at(-1) as number) + get(mask, i));
  return product(byRow(scaled, softmaxRow), v);
}

type Convolution = readonly [x: number[], w: number[], options: ConvOptions];
const convolutions: Readonly<Record<string, Convolution>> = {
  'as it is': [[2, 6], [3, 2, 3], {}],
  'with stride and padding, as Whisper': [[2, 8], [3, 2, 3], { strides: [2], pads: [1, 1] }],
  'with a stride that leaves elements over': [[2, 9], [3, 2, 2], { strides: [3], pads: [0, 1] }],
  'with dilation': [[2, 9], [3, 2, 3], { dilations: [2], pads: [2, 0] }],
  'in two dimensions': [[2, 4, 5], [3, 2, 2, 3], { strides: [1, 2], pads: [1, 0, 0, 1] }],
};

function convReference(x: Tensor, w: Tensor, b: Tensor, options: ConvOptions): Tensor {
  const rank = x.shape.length - 2;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const option = (name: keyof ConvOptions, axis: number, otherwise: number) => options[name]?.[axis] ?? otherwise;
  const reach = (axis: number) => option('dilations', axis, 1) * ((w.shape[axis + 2] as number) - 1) + 1;
  const padded = (axis: number) =>
    (x.shape[axis + 2] as number) + option('pads', axis, 0) + option('pads', axis + rank, 0);
  const lengths = axes.map((axis) => Math.floor((padded(axis) - reach(axis)) / option('strides', axis, 1)) + 1);
  return tensor([x.shape[0] as number, w.shape[0] as number, ...lengths], ([batch, out, ...at]) => {
    let total = get(b, [out as number]);
    tensor(w.shape.slice(1), ([channel, ...tap]) => {
      const from = axes.map(
        (axis) =>
          (at[axis] as number) * option('strides', axis, 1) +
          (tap[axis] as number) * option('dilations', axis, 1) -
          option('pads', axis, 0),
      );
      const inside = from.every((position, axis) => position >= 0 && position < (x.shape[axis + 2] as number));
      if (inside) total += get(w, [out, channel, ...tap] as number[]) * get(x, [batch, channel, ...from] as number[]);
      return 0;
    });
    return total;
  });
}

const logSumExp = (row: number[]) => {
  const max = Math.max(...row);
  return max + Math.log(sum(row.length, (i) => Math.exp((row[i] as number) - max)));
};
const logSoftmaxRow = (row: number[]) => row.map((x) => x - logSumExp(row));

export const cases: readonly Case[] = [
  ...Object.entries(binaries).flatMap(([name, pair]) =>
    Object.entries(broadcasts).map(([kind, shapes]) => binary(`${name} with ${kind}`, pair, shapes)),
  ),
  unary('neg', neg, (x) => -x),
  unary('exp', exp, Math.exp),
  unary('log', log, Math.log, positive),
  unary('sqrt', sqrt, Math.sqrt, positive),
  unary('tanh', tanh, Math.tanh),
  unary('sigmoid', sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  unary('softplus', softplus, (x) => Math.log1p(Math.exp(x))),
  unary('relu', relu, (x) => Math.max(x, 0)),
  unary('gelu', gelu, (x) => (x * (1 + erf(x / Math.SQRT2))) / 2),
  unary('erf', erfOf, erf),
  unary('sin', sin, Math.sin),
  unary('cos', cos, Math.cos),
  unary('abs', abs, Math.abs),
  unary(
    'pow of a number',
    (x) => pow(x, 2.5),
    (x) => x ** 2.5,
    positive,
  ),
  binary('pow of a row', [pow, (a, b) => a ** b], (n) => [[2 * n, 2, 3], [3]]),
  unary(
    'cast, which passes no gradient',
    (x) => mul(cast(cast(mul(x, 9), 'int32'), 'float32'), x),
    (x) => Math.trunc(9 * x) * x,
  ),
  unary(
    'a number on the left',
    (x) => sub(1, div(2, x)),
    (x) => 1 - 2 / x,
    positive,
  ),
  unary(
    'one value used thrice',
    (x) => add(mul(x, tanh(x)), x),
    (x) => x * Math.tanh(x) + x,
  ),
  { name: 'softmax', inputs: one, build: softmax, reference: (x) => byRow(x, softmaxRow) },
  { name: 'logSoftmax', inputs: one, build: logSoftmax, reference: (x) => byRow(x, logSoftmaxRow) },
  {
    name: 'layerNorm',
    inputs: (n) => [{ shape: [2, 2 * n, 6] }, { shape: [6] }, { shape: [6] }],
    build: (x, scale, shift) => layerNorm(x, scale, shift),
    reference: (x, scale, shift) => byRow(x, (row) => layerNormRow(row, scale, shift)),
  },
  {
    name: 'normLinear',
    inputs: (n) => [{ shape: [3 * n, 5] }, { shape: [5] }, { shape: [5] }, { shape: [5, 4] }, { shape: [4] }],
    build: (x, scale, shift, w, b) => normLinear(x, { scale, shift }, w, b),
    reference: (x, scale, shift, w, b) => {
      const y = product(
        byRow(x, (row) => layerNormRow(row, scale, shift)),
        w,
      );
      return tensor(y.shape, (i) => get(y, i) + get(b, i));
    },
  },
  ...matmuls,
  {
    name: 'linear',
    inputs: (n) => [{ shape: [2, 2 * n, 4] }, { shape: [4, 3] }, { shape: [3] }],
    build: linear,
    reference: (x, w, b) => {
      const y = product(x, w);
      return tensor(y.shape, (i) => get(y, i) + get(b, i));
    },
  },
  ...(['int32', 'int64'] as const).map((dtype) => ({
    name: `gather with ${dtype} indices, most repeated`,
    inputs: (n: number) => [{ shape: [4 * n, 3] }, { shape: [2, 6 * n], below: 4, dtype }],
    build: (table: Value, indices: Value) => gather(table, indices),
    reference: (table: Tensor, indices: Tensor) =>
      tensor([...indices.shape, 3], ([i, j, c]) => get(table, [get(indices, [i, j] as number[]), c as number])),
  })),
  {
    name: 'gather of whole matrices',
    inputs: () => [{ shape: [3, 2, 2] }, { shape: [4], below: 3, dtype: 'int32' }],
    build: (table: Value, indices: Value) => gather(table, indices),
    reference: (table, indices) =>
      tensor([4, 2, 2], ([i, ...rest]) => get(table, [get(indices, [i as number]), ...rest])),
  },
  ...[1, 2].map((axis) => ({
    name: `gather along axis ${axis}, most repeated`,
    inputs: (n: number): InputSpec[] => [{ shape: [3 * n, 4, 4] }, { shape: [2, 3], below: 4, dtype: 'int64' }],
    build: (x: Value, indices: Value) => gather(x, indices, axis),
    reference: (x: Tensor, indices: Tensor) =>
      tensor([...x.shape.slice(0, axis), 2, 3, ...x.shape.slice(axis + 1)], (i) => {
        const at = get(indices, i.slice(axis, axis + 2));
        return get(x, [...i.slice(0, axis), at, ...i.slice(axis + 2)]);
      }),
  })),
  ...[0, 2].map((axis) => ({
    name: `gatherElements along axis ${axis}, some repeated`,
    inputs: (n: number): InputSpec[] => [{ shape: [4 * n, 3, 4] }, { shape: [2 * n, 3, 4], below: 4, dtype: 'int32' }],
    build: (x: Value, indices: Value) => gatherElements(x, indices, axis),
    reference: (x: Tensor, indices: Tensor) => tensor(indices.shape, (i) => get(x, i.with(axis, get(indices, i)))),
  })),
  ...Object.entries(convolutions).map(([name, [x, w, options]]) => ({
    name: `conv ${name}`,
    inputs: (n: number) => [{ shape: [2 * n, ...x] }, { shape: w }, { shape: w.slice(0, 1) }],
    build: (input: Value, kernel: Value, bias: Value) => conv(input, kernel, bias, options),
    reference: (input: Tensor, kernel: Tensor, bias: Tensor) => convReference(input, kernel, bias, options),
  })),
  ...Object.entries(reductions).flatMap(([name, pair]) => reductionCases(name, pair)),
  {
    name: 'expand',
    inputs: () => [{ shape: [3, 1] }],
    build: (x) => expand(x, [2, 3, 4]),
    reference: (x) => tensor([2, 3, 4], (i) => get(x, i)),
  },
  {
    name: 'slice',
    inputs: (n) => [{ shape: [2, 5, 3 * n] }],
    build: (x) => slice(x, 1, 1, 4),
    reference: (x) =>
      tensor([2, 3, x.shape[2] as number], ([i, j, k]) => get(x, [i, (j as number) + 1, k] as number[])),
  },
  {
    name: 'concat',
    inputs: (n) => [{ shape: [2 * n, 2] }, { shape: [2 * n, 3] }],
    build: (a, b) => concat([a, b], -1),
    reference: (a, b) =>
      tensor([a.shape[0] as number, 5], ([i, j]) =>
        (j as number) < 2 ? get(a, [i, j] as number[]) : get(b, [i, (j as number) - 2] as number[]),
      ),
  },
  {
    name: 'split, one part unused',
    inputs: (n) => [{ shape: [2 * n, 6] }],
    build: (x) => {
      const [first, , last] = split(x, 1, 3) as [Value, Value, Value];
      return mul(first, last);
    },
    reference: (x) =>
      tensor(
        [x.shape[0] as number, 2],
        ([i, j]) => get(x, [i, j] as number[]) * get(x, [i, (j as number) + 4] as number[]),
      ),
  },
  {
    name: 'transpose',
    inputs: (n) => [{ shape: [2 * n, 3, 4] }],
    build: (x) => transpose(x, [2, 0, 1]),
    reference: (x) => tensor([4, x.shape[0] as number, 3], ([a, b, c]) => get(x, [b, c, a] as number[])),
  },
  {
    name: 'reshape',
    inputs: (n) => [{ shape: [2 * n, 6] }],
    build: (x) => reshape(x, [-1, 3]),
    reference: (x) => ({ shape: [x.data.length / 3, 3], data: x.data }),
  },
  {
    name: 'where',
    inputs: (n) => [bool([3 * n, 2]), { shape: [3 * n, 1] }, { shape: [2] }],
    build: where,
    reference: (condition, a, b) => tensor(condition.shape, (i) => (get(condition, i) ? get(a, i) : get(b, i))),
  },
  {
    name: 'bceWithLogits',
    inputs: (n) => [
      { shape: [4 * n, 3], low: -6, high: 6 },
      { shape: [4 * n, 3], low: 0, high: 1 },
    ],
    build: bceWithLogits,
    reference: (z, y) =>
      tensor(z.shape, (i) => {
        const p = 1 / (1 + Math.exp(-get(z, i)));
        return -(get(y, i) * Math.log(p) + (1 - get(y, i)) * Math.log(1 - p));
      }),
  },
  {
    name: 'crossEntropy',
    inputs: (n) => [
      { shape: [2, 2 * n, 5], low: -3, high: 3 },
      { shape: [2, 2 * n], below: 5, dtype: 'int32' },
    ],
    build: crossEntropy,
    reference: (z, y) => {
      const logs = byRow(z, logSoftmaxRow);
      return tensor(y.shape, (i) => -get(logs, [...i, get(y, i)]));
    },
  },
  {
    name: 'attention',
    inputs: (n) => [{ shape: [n, 2, 3, 4] }, { shape: [n, 2, 5, 4] }, { shape: [n, 2, 5, 4] }],
    build: (q, k, v) => attention(q, k, v, { mask: q.graph.constant([0, 0, 0, -1e9, -1], [5]) }),
    reference: (q, k, v) => attentionReference(q, k, v, { shape: [5], data: Float64Array.of(0, 0, 0, -1e9, -1) }),
  },
];
