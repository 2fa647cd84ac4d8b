import { Graph } from '../graph/graph.ts';
import { feedTensor, type RuntimeSession, startSession } from '../graph/runtime-session.ts';
import type { SolverOptions } from './row-source.ts';

/** A float64 matrix, row-major. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

interface ProductOptions {
  /** @default false */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Products of float64 matrices by the graph engine. Call `dispose` when done. */
export interface DenseProducts {
  /** op(a) · op(b). */
  multiply(a: Dense, b: Dense, options?: ProductOptions): Promise<Dense>;
  dispose(): Promise<void>;
}

/** Sessions are compiled when shapes first come up, and kept: an algorithm should use few shapes. */
export function createDenseProducts(options: SolverOptions): DenseProducts {
  const sessions = new Map<string, Promise<RuntimeSession<'product'>>>();
  return {
    async multiply(a, b, { transposeA = false, transposeB = false } = {}) {
      const rows = transposeA ? a.columns : a.rows;
      const columns = transposeB ? b.rows : b.columns;
      const key = [a.rows, a.columns, b.rows, b.columns, transposeA, transposeB].join();
      const session = sessions.get(key) ?? compile(a, b, rows, columns, { transposeA, transposeB }, options);
      sessions.set(key, session);
      const { inputs, run } = await session;
      const tensors = Object.fromEntries(inputs.map((input, i) => [input.name, feedTensor(input, [a, b][i]?.data)]));
      return { rows, columns, data: (await run(tensors)).product.data as Float64Array };
    },
    async dispose() {
      await Promise.all([...sessions.values()].map(async (session) => (await session).dispose()));
    },
  };
}

function compile(
  a: Dense,
  b: Dense,
  rows: number,
  columns: number,
  { transposeA, transposeB }: ProductOptions,
  options: SolverOptions,
): Promise<RuntimeSession<'product'>> {
  const graph = new Graph();
  const inputs = [graph.input('a', [a.rows, a.columns], 'float64'), graph.input('b', [b.rows, b.columns], 'float64')];
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  const product = graph.emit({ operator: 'Gemm', inputs, attributes }, [rows, columns], 'float64');
  return startSession(graph, { product }, options);
}
