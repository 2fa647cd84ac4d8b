import type { Tensor } from 'onnxruntime-node';
import { type Graph, type TypedArray, type Value, valuesOf } from './graph.ts';
import { feedTensor, type SessionOptions, startSession } from './runtime-session.ts';

/** Arrays by input name: float32 as Float32Array, int32 as Int32Array, int64 as BigInt64Array, bool as Uint8Array of 0 and 1. */
export type Feeds = Readonly<Record<string, TypedArray>>;

/** A compiled part of a graph. Call `dispose` when done: its memory is not JavaScript's. */
export interface Session<Name extends string = string> {
  /** The inputs that `run` needs, in the order declared. */
  readonly inputs: readonly Value[];
  /**
   * Computes all outputs, each row-major. Feeds are read in place and must not change until the promise settles;
   * feeds on which no output depends are ignored. Outputs named in `into` are written to the arrays given there and
   * returned, which saves an allocation per run. Runs of one session queue: none disturbs another.
   * @throws UserError (`wrong-feed`) when a feed is absent, of another type or of another length;
   *   EnvironmentError (`run-failed`) when an operator fails, or after `dispose`. An index out of range fails on CPU; on WebGPU it
   *   reads zeros.
   */
  run(feeds: Feeds, into?: Readonly<Partial<Record<Name, Float32Array>>>): Promise<Record<Name, Float32Array>>;
  /** Ends the session once the runs under way are done; a second call does nothing. */
  dispose(): Promise<void>;
}

/**
 * Compiles the part of `graph` that the float32 `outputs` depend on.
 * @throws EnvironmentError (`device-absent`, `session-failed`) when the device is not there or the runtime refuses.
 */
export async function createSession<Name extends string>(
  graph: Graph,
  outputs: Readonly<Record<Name, Value>>,
  options: SessionOptions = {},
): Promise<Session<Name>> {
  const values = Object.entries<Value>(outputs) as [Name, Value][];
  valuesOf('createSession', Object.values(outputs));
  const session = await startSession(graph, outputs, options);
  return {
    inputs: session.inputs,
    async run(feeds, into) {
      const tensors = Object.fromEntries(
        session.inputs.map((input) => [input.name, feedTensor(input, feeds[input.name])]),
      );
      const results = await session.run(tensors, into && targets(values, into));
      return Object.fromEntries(values.map(([name]) => [name, into?.[name] ?? results[name].data])) as Record<
        Name,
        Float32Array
      >;
    },
    dispose: () => session.dispose(),
  };
}

function targets<Name extends string>(
  values: readonly [Name, Value][],
  into: Readonly<Partial<Record<Name, Float32Array>>>,
): Partial<Record<Name, Tensor>> {
  const given = values.filter(([name]) => into[name]);
  return Object.fromEntries(given.map(([name, value]) => [name, feedTensor(value, into[name])])) as Partial<
    Record<Name, Tensor>
  >;
}
