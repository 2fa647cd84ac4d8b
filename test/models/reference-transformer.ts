import type { Architecture } from '../../src/models/architecture.ts';

/** Rows of numbers in double precision. */
export type Rows = number[][];
export type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>;

/** The decoder written out for one text: every position in every block, no batching, double precision. */
export function referenceForward(architecture: Architecture, weights: Weights, ids: ArrayLike<number>) {
  const matrix = (name: string) => toRows(weights.get(name));
  const vector = (name: string) => Array.from(weights.get(name)?.data ?? []);
  const linear = (x: Rows, name: string) => product(x, matrix(`${name}.weight`), vector(`${name}.bias`));
  const norm = (x: Rows, name: string) =>
    x.map((row) => normalized(row, vector(`${name}.scale`), vector(`${name}.bias`)));
  const [embedding, positions] = [matrix('embedding'), matrix('positions')];
  let x: Rows = Array.from(ids, (id, t) => sum(embedding[id] ?? [], positions[t] ?? []));
  const hidden = [x.at(-1) ?? []];
  for (let layer = 0; layer < architecture.layers; layer++) {
    const name = `blocks.${layer}`;
    const qkv = linear(norm(x, `${name}.attention-norm`), `${name}.query-key-value`);
    const attended = linear(attention(qkv, architecture), `${name}.attention-output`);
    x = x.map((row, t) => sum(row, attended[t] ?? []));
    const inner = linear(norm(x, `${name}.mlp-norm`), `${name}.mlp-input`).map((row) => row.map(gelu));
    const added = linear(inner, `${name}.mlp-output`);
    x = x.map((row, t) => sum(row, added[t] ?? []));
    hidden.push(x.at(-1) ?? []);
  }
  const [last] = norm([hidden.pop() ?? []], 'final-norm');
  return { hidden: [...hidden, last ?? []], logits: linear([last ?? []], 'heads')[0] ?? [] };
}

function toRows(tensor: { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | undefined): Rows {
  const [rows = 0, columns = 0] = tensor?.shape ?? [];
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => tensor?.data[r * columns + c] ?? 0),
  );
}

function product(x: Rows, w: Rows, bias: readonly number[]): Rows {
  return x.map((row) => bias.map((b, j) => row.reduce((total, value, i) => total + value * (w[i]?.[j] ?? 0), b)));
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + (b[i] ?? 0));
}

function normalized(row: readonly number[], scale: readonly number[], bias: readonly number[]): number[] {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  return row.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * (scale[i] ?? 0) + (bias[i] ?? 0));
}

function attention(qkv: Rows, { width, heads }: Architecture): Rows {
  const size = width / heads;
  const part = (t: number, which: number, head: number) =>
    qkv[t]?.slice(which * width + head * size, which * width + (head + 1) * size) ?? [];
  return qkv.map((_, t) =>
    Array.from({ length: heads }, (_, head) => {
      const query = part(t, 0, head);
      const scores = Array.from({ length: t + 1 }, (_, s) => dot(query, part(s, 1, head)) / Math.sqrt(size));
      const exps = scores.map((score) => Math.exp(score - Math.max(...scores)));
      const total = exps.reduce((a, b) => a + b, 0);
      return query.map((_, i) => exps.reduce((a, e, s) => a + (e / total) * (part(s, 2, head)[i] ?? 0), 0));
    }).flat(),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}

/** x · Φ(x), with erf by its Taylor series, which converges fast enough for the small values here. */
function gelu(x: number): number {
  const t = x / Math.SQRT2;
  let term = t;
  let total = t;
  for (let n = 1; Math.abs(term) > 1e-18 && n < 200; n++) {
    term *= -(t * t) / n;
    total += term / (2 * n + 1);
  }
  return 0.5 * x * (1 + (2 / Math.sqrt(Math.PI)) * total);
}
