import type { Graph } from '../graph/graph.ts';
import { matmul, sub } from '../graph/operators.ts';
import { blockSessions } from './block-sessions.ts';
import type { LinearLoss } from './linear-loss.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/** Value and derivatives of a loss of W·(x − centre) + b over all rows. */
export interface LossAt {
  readonly value: number;
  /** (outputs × columns) */
  readonly weights: Float64Array;
  /** (outputs) */
  readonly biases: Float64Array;
}

/** What evaluates a {@link LinearLoss} over rows. */
export interface LinearProducts {
  /** Whether rounding is that of float32. */
  readonly coarse: boolean;
  /** @param weights (outputs × columns) @param biases (outputs) */
  evaluate(weights: Float64Array, biases: Float64Array): Promise<LossAt>;
  dispose(): Promise<void>;
}

/** Values up to which the host's float64 is as fast as the engine. */
const mostOnHost = 2e6;

/** A point near the rows, and whether it is so far from 0 for their spread that float32 must subtract it row by row. */
export interface Centre {
  /** (columns) */
  readonly centre: Float64Array;
  readonly far: boolean;
}

/** Small problems on the host in float64, others by the engine in the rows' float32. */
export function createLinearProducts(
  source: RowSource,
  loss: LinearLoss,
  centre: Centre,
  options: SolverOptions,
): LinearProducts {
  const onHost = source.rows * source.columns * loss.outputs <= mostOnHost;
  return onHost ? hostProducts(source, loss, centre.centre) : engineProducts(source, loss, centre, options);
}

function hostProducts(source: RowSource, loss: LinearLoss, centre: Float64Array): LinearProducts {
  const { columns } = source;
  const { outputs } = loss;
  return {
    coarse: false,
    async evaluate(weights, biases) {
      const sums = new LossSum(outputs, columns);
      const offsets = offsetsOf(weights, biases, centre);
      for await (const { start, rows, data } of rowBlocks(source, 4096)) {
        const logits = new Float64Array(outputs * rows);
        const residuals = new Float64Array(outputs * rows);
        for (let k = 0; k < outputs * rows; k++) {
          const [output, row] = [Math.floor(k / rows), k % rows];
          logits[k] = (offsets[output] as number) + dotRow(data, row * columns, weights, output * columns, columns);
        }
        sums.add(loss.block(start, rows, logits, residuals), residuals, rows);
        for (let k = 0; k < outputs * rows; k++) {
          const [output, row] = [Math.floor(k / rows), k % rows];
          addRow(sums.weights, output * columns, data, row * columns, residuals[k] as number, columns);
        }
      }
      return sums.lessCentre(centre);
    },
    dispose: async () => {},
  };
}

function engineProducts(
  source: RowSource,
  loss: LinearLoss,
  { centre, far }: Centre,
  options: SolverOptions,
): LinearProducts {
  const { columns } = source;
  const { outputs } = loss;
  // A block is read twice; 16 MiB of it stay in the cache meanwhile.
  const size = Math.max(256, Math.floor(2 ** 22 / columns));
  const input = (graph: Graph, rows: number) => {
    const x = graph.input('x', [rows, columns]);
    return far ? sub(x, graph.input('centre', [columns])) : x;
  };
  const forward = blockSessions((graph, rows) => {
    return { logits: matmul(graph.input('weights', [outputs, columns]), input(graph, rows), { transposeB: true }) };
  }, options);
  const backward = blockSessions((graph, rows) => {
    return { gradient: matmul(graph.input('residuals', [outputs, rows]), input(graph, rows)) };
  }, options);
  const rounded = Float32Array.from(centre);
  return {
    coarse: true,
    async evaluate(weights, biases) {
      const sums = new LossSum(outputs, columns);
      const feeds = { centre: rounded, weights: Float32Array.from(weights) };
      const offsets = far ? biases : offsetsOf(feeds.weights, biases, centre);
      for await (const { start, rows, data } of rowBlocks(source, size)) {
        const { logits } = await forward.run<Float32Array>(rows, { x: data, ...feeds });
        for (let k = 0; k < logits.length; k++) (logits[k] as number) += offsets[Math.floor(k / rows)] as number;
        const residuals = new Float32Array(outputs * rows);
        sums.add(loss.block(start, rows, logits, residuals), residuals, rows);
        const { gradient } = await backward.run<Float32Array>(rows, { x: data, centre: rounded, residuals });
        for (let k = 0; k < gradient.length; k++) (sums.weights[k] as number) += gradient[k] as number;
      }
      return far ? sums : sums.lessCentre(centre);
    },
    async dispose() {
      await Promise.all([forward.dispose(), backward.dispose()]);
    },
  };
}

/** b − w·centre for each output. */
function offsetsOf(weights: Float32Array | Float64Array, biases: Float64Array, centre: Float64Array): Float64Array {
  const columns = centre.length;
  return biases.map((bias, k) => bias - dotRow(weights, k * columns, centre, 0, columns));
}

class LossSum {
  value = 0;
  readonly weights: Float64Array;
  readonly biases: Float64Array;

  constructor(outputs: number, columns: number) {
    this.weights = new Float64Array(outputs * columns);
    this.biases = new Float64Array(outputs);
  }

  add(value: number, residuals: Float32Array | Float64Array, rows: number): void {
    this.value += value;
    for (let k = 0; k < residuals.length; k++) (this.biases[Math.floor(k / rows)] as number) += residuals[k] as number;
  }

  /** Derivatives by weights on x as derivatives by weights on x − centre. */
  lessCentre(centre: Float64Array): LossAt {
    const columns = centre.length;
    for (let k = 0; k < this.weights.length; k++) {
      (this.weights[k] as number) -= (centre[k % columns] as number) * (this.biases[Math.floor(k / columns)] as number);
    }
    return this;
  }
}

/** Σⱼ a[i + j]·b[k + j] by four running sums, since a single one would wait for each addition. */
export function dotRow(a: Float32Array | Float64Array, i: number, b: Float64Array, k: number, n: number): number {
  const whole = n - (n % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    s0 += (a[i + j] as number) * (b[k + j] as number);
    s1 += (a[i + j + 1] as number) * (b[k + j + 1] as number);
    s2 += (a[i + j + 2] as number) * (b[k + j + 2] as number);
    s3 += (a[i + j + 3] as number) * (b[k + j + 3] as number);
  }
  for (let j = whole; j < n; j++) s0 += (a[i + j] as number) * (b[k + j] as number);
  return s0 + s1 + (s2 + s3);
}

function addRow(target: Float64Array, k: number, data: Float32Array, i: number, factor: number, n: number): void {
  const whole = n - (n % 4);
  for (let j = 0; j < whole; j += 4) {
    (target[k + j] as number) += factor * (data[i + j] as number);
    (target[k + j + 1] as number) += factor * (data[i + j + 1] as number);
    (target[k + j + 2] as number) += factor * (data[i + j + 2] as number);
    (target[k + j + 3] as number) += factor * (data[i + j + 3] as number);
  }
  for (let j = whole; j < n; j++) (target[k + j] as number) += factor * (data[i + j] as number);
}
