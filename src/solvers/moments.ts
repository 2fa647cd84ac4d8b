import { expected } from '../core/errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { cast } from '../graph/operators/cast.ts';
import { blockSessions } from './block-sessions.ts';
import { requireFinite } from './require-finite.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/** Sums that give mean and covariance of some rows, and can be merged with those of others. */
export interface Moments {
  readonly rows: number;
  /** (columns) */
  readonly mean: Float64Array;
  /** (columns × columns) Σ (x − mean)(x − mean)ᵀ; divide by rows, or rows − 1, for the covariance. */
  readonly scatter: Float64Array;
}

/** Long enough that the sums cost less than the products; short enough for the cache, and for sums in float32. */
const blockRows = (columns: number) => Math.min(4096, Math.max(256, Math.floor(2 ** 22 / columns)));
/** Multiplications up to which products are taken in float64 rather than the rows' own float32: a few milliseconds. */
const mostInFloat64 = 1e8;
/** Standard deviations of a mean from 0 up to which products of rows that are not centred lose at most a digit. */
const farthest = 3;

/**
 * Mean and scatter in one pass, blocks being merged by Chan's update (methods.md 14.8), so that neither an offset nor a drift
 * of the rows costs digits: a block whose columns lie far from 0 is centred on its own mean before its product. The
 * products of small problems run in float64, of others in float32 with sums over blocks in float64.
 * @throws UserError (`too-few`) without rows or columns, (`not-finite`) naming the first value that is no finite number.
 */
export async function computeMoments(source: RowSource, options: SolverOptions = {}): Promise<Moments> {
  const { rows, columns } = source;
  if (!(rows >= 1 && columns >= 1)) {
    throw expected('too-few', 'rows and columns', 'at least 1 each', `${rows} × ${columns}`, 'Give some data.');
  }
  const exact = rows * columns * columns <= mostInFloat64;
  const strips = Math.max(1, Math.min(8, Math.floor(columns / 256)));
  const sessionsFor = (centred: boolean) =>
    blockSessions((graph, size) => scatterGraph(graph, size, { columns, strips, exact, centred }), options);
  const sessions = [sessionsFor(false), sessionsFor(true)] as const;
  const sum = new MomentSum(columns);
  try {
    for await (const { rows: size, data } of rowBlocks(source, blockRows(columns))) {
      const raw = await sessions[0].run<Sums>(size, { x: data });
      sum.add(size, isFar(raw, size, columns) ? await sessions[1].run<Sums>(size, { x: data }) : raw);
    }
  } finally {
    await Promise.all(sessions.map((session) => session.dispose()));
  }
  const moments = sum.finish();
  if (!Number.isFinite(moments.scatter.reduce((total, value) => total + value, 0))) await requireFinite(source);
  return moments;
}

/** The moments of both sets of rows together, by Chan's update (methods.md 14.8). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const rows = a.rows + b.rows;
  const shift = b.mean.map((x, j) => x - (a.mean[j] as number));
  const mean = a.mean.map((x, j) => x + ((shift[j] as number) * b.rows) / rows);
  const scatter = a.scatter.map((x, k) => x + (b.scatter[k] as number));
  addOuter(scatter, shift, (a.rows * b.rows) / rows);
  mirror(scatter, mean.length);
  return { rows, mean, scatter };
}

type Sums = Float32Array | Float64Array;

/** Of a block's rows less `mean`: their sum, and the upper triangle of their products in strips. */
type BlockSums = Readonly<Record<string, Sums>>;

interface ScatterOptions {
  readonly columns: number;
  readonly strips: number;
  readonly exact: boolean;
  readonly centred: boolean;
}

function scatterGraph(graph: Graph, rows: number, { columns, strips, exact, centred }: ScatterOptions) {
  const dtype = exact ? 'float64' : 'float32';
  const emit = (operator: string, inputs: readonly Value[], shape: readonly number[], attributes = {}) =>
    graph.emit({ operator, inputs, attributes }, shape, dtype);
  const x = cast(graph.input('x', [rows, columns]), dtype);
  const ones = graph.constant(new Float32Array(rows).fill(1), [1, rows], dtype);
  const total = (value: Value) => emit('Gemm', [ones, value], [1, columns]);
  const count = graph.constant([rows], [1], dtype);
  const mean = centred ? emit('Div', [total(x), count], [1, columns]) : graph.constant([0], [1, 1], dtype);
  const y = centred ? emit('Sub', [x, mean], x.shape) : x;
  const outputs: Record<string, Value> = { mean, total: total(y) };
  const slice = (start: number, end: number) => {
    if (start === 0 && end === columns) return y;
    const bounds = [[start], [end], [1]].map((list) => graph.integers(list));
    return emit('Slice', [y, ...bounds], [rows, end - start]);
  };
  const starts = stripStarts(columns, strips);
  starts.forEach((start, index) => {
    const end = starts[index + 1] ?? columns;
    const shape = [end - start, columns - start];
    outputs[`strip${index}`] = emit('Gemm', [slice(start, end), slice(start, columns)], shape, { transA: 1 });
  });
  return outputs;
}

/** Whether rounding in products of rows as they are costs digits: some column's mean is large for its deviation. */
function isFar({ mean: _, total, ...products }: BlockSums, rows: number, columns: number): boolean {
  const strips = Object.values(products);
  const starts = stripStarts(columns, strips.length);
  return starts.some((start, index) => {
    const strip = strips[index] as Sums;
    const end = starts[index + 1] ?? columns;
    for (let j = start; j < end; j++) {
      const square = ((total as Sums)[j] as number) ** 2 / rows;
      const squares = strip[(j - start) * (columns - start + 1)] as number;
      if (square > (squares - square) * farthest ** 2) return true;
    }
    return false;
  });
}

function stripStarts(columns: number, strips: number): readonly number[] {
  return Array.from({ length: strips }, (_, index) => Math.floor((index * columns) / strips));
}

/** Chan's update in place, over the upper triangle. */
class MomentSum {
  readonly #mean: Float64Array;
  readonly #scatter: Float64Array;
  #rows = 0;

  constructor(columns: number) {
    this.#mean = new Float64Array(columns);
    this.#scatter = new Float64Array(columns * columns);
  }

  add(rows: number, { mean, total, ...products }: BlockSums): void {
    const columns = this.#mean.length;
    const strips = Object.values(products);
    stripStarts(columns, strips.length).forEach((start, index) => {
      addStrip(this.#scatter, strips[index] as Sums, start, columns);
    });
    const left = Float64Array.from(total as Sums, (value) => value / rows);
    addOuter(this.#scatter, left, -rows);
    const all = this.#rows + rows;
    const shift = left.map((x, j) => x + (mean?.[j % mean.length] as number) - (this.#mean[j] as number));
    addOuter(this.#scatter, shift, (this.#rows * rows) / all);
    for (let j = 0; j < columns; j++) (this.#mean[j] as number) += ((shift[j] as number) * rows) / all;
    this.#rows = all;
  }

  finish(): Moments {
    mirror(this.#scatter, this.#mean.length);
    return { rows: this.#rows, mean: this.#mean, scatter: this.#scatter };
  }
}

/** Adds the part right of the diagonal of a strip of rows that begins at row and column `start`. */
function addStrip(scatter: Float64Array, strip: Sums, start: number, columns: number): void {
  const width = columns - start;
  for (let i = 0; i * width < strip.length; i++) {
    const row = (start + i) * columns + start;
    for (let j = i; j < width; j++) (scatter[row + j] as number) += strip[i * width + j] as number;
  }
}

/** Adds factor · v vᵀ to the upper triangle. */
function addOuter(scatter: Float64Array, v: Float64Array, factor: number): void {
  const n = v.length;
  if (factor === 0) return;
  for (let i = 0; i < n; i++) {
    const scaled = factor * (v[i] as number);
    if (scaled === 0) continue;
    for (let j = i; j < n; j++) (scatter[i * n + j] as number) += scaled * (v[j] as number);
  }
}

/** Copies the upper triangle below the diagonal. */
function mirror(scatter: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) scatter[i * n + j] = scatter[j * n + i] as number;
}
