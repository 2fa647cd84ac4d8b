import { Graph, type TypedArray, type Value } from '../graph/graph.ts';
import { feedTensor, type RuntimeSession, startSession } from '../graph/runtime-session.ts';
import type { SolverOptions } from './row-source.ts';

/** Sessions of one computation at several sizes. Call `dispose` when done. */
export interface BlockSessions<Name extends string> {
  /** Computes all outputs for a block of `rows` rows: Float32Array or Float64Array by the outputs' types. */
  run<Data extends Float32Array | Float64Array>(
    rows: number,
    feeds: Readonly<Record<string, TypedArray>>,
  ): Promise<Record<Name, Data>>;
  dispose(): Promise<void>;
}

/** Compiles what `build` writes for a number of rows when that number first comes up: all blocks but the last have the same. */
export function blockSessions<Name extends string>(
  build: (graph: Graph, rows: number) => Readonly<Record<Name, Value>>,
  options: SolverOptions,
): BlockSessions<Name> {
  const sessions = new Map<number, Promise<RuntimeSession<Name>>>();
  const sessionFor = (rows: number) => {
    const known = sessions.get(rows);
    if (known) return known;
    const graph = new Graph();
    const session = startSession(graph, build(graph, rows), options);
    sessions.set(rows, session);
    return session;
  };
  return {
    async run<Data extends Float32Array | Float64Array>(rows: number, feeds: Readonly<Record<string, TypedArray>>) {
      const session = await sessionFor(rows);
      const tensors = Object.fromEntries(
        session.inputs.map((input) => [input.name, feedTensor(input, feeds[input.name])]),
      );
      const results = await session.run(tensors);
      const arrays = Object.entries(results).map(([name, tensor]) => [name, (tensor as { data: unknown }).data]);
      return Object.fromEntries(arrays) as Record<Name, Data>;
    },
    async dispose() {
      await Promise.all([...sessions.values()].map(async (session) => (await session).dispose()));
    },
  };
}
