/** Slow float64 tensors: what the engine's operators should compute, written index by index. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function tensor(shape: readonly number[], at: (index: readonly number[]) => number): Tensor {
  const data = Float64Array.from({ length: size(shape) }, (_, flat) => at(unravel(flat, shape)));
  return { shape, data };
}

/** The element at an index, of which leading and length-1 axes broadcast. */
export function get(t: Tensor, index: readonly number[]): number {
  const own = index.slice(index.length - t.shape.length);
  const flat = own.reduce((sum, i, axis) => sum * (t.shape[axis] as number) + (t.shape[axis] === 1 ? 0 : i), 0);
  return t.data[flat] as number;
}

export function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

export function mapped(t: Tensor, f: (x: number) => number): Tensor {
  return { shape: t.shape, data: t.data.map(f) };
}

/** Applies `f` to each row along the last axis; its result has the row's length. */
export function byRow(t: Tensor, f: (row: number[]) => number[]): Tensor {
  const width = t.shape.at(-1) as number;
  const rows = Array.from({ length: t.data.length / width }, (_, r) => [...t.data.slice(r * width, (r + 1) * width)]);
  return { shape: t.shape, data: Float64Array.from(rows.flatMap(f)) };
}

export function softmaxRow(row: number[]): number[] {
  const max = Math.max(...row);
  const total = sum(row.length, (i) => Math.exp((row[i] as number) - max));
  return row.map((x) => Math.exp(x - max) / total);
}

export function swapLast(t: Tensor): Tensor {
  const shape = [...t.shape.slice(0, -2), t.shape.at(-1) as number, t.shape.at(-2) as number];
  return tensor(shape, (i) => get(t, [...i.slice(0, -2), i.at(-1) as number, i.at(-2) as number]));
}

export function product(a: Tensor, b: Tensor, batch: readonly number[] = a.shape.slice(0, -2)): Tensor {
  const k = a.shape.at(-1) as number;
  return tensor([...batch, a.shape.at(-2) as number, b.shape.at(-1) as number], (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const lead = index.slice(0, -2);
    return sum(k, (i) => get(a, [...lead, row, i]) * get(b, [...lead, i, column]));
  });
}

/** The error function by its Maclaurin series, to about 1e-12 for |x| < 3. */
export function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 120; n++) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const dimension of shape.toReversed()) {
    index.unshift(rest % dimension);
    rest = Math.floor(rest / dimension);
  }
  return index;
}
