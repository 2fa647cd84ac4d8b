import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EnvironmentError, expected } from '../core/errors.ts';
import { type Device, deviceAbsent, executionProviders } from './devices.ts';
import { type Graph, type TypedArray, type Value, valuesOf } from './graph.ts';
import { createModel, outputName } from './model.ts';
import { formatShape, sizeOf } from './shapes.ts';

export interface SessionOptions {
  /** Threads inside an operator, at least 1. @default 1 */
  readonly threads?: number;
  /** @default 'cpu' */
  readonly device?: Device;
  /** Collect ONNX Runtime's timings per operator and write them to `<profilePrefix>_<time>.json` on `dispose`. */
  readonly profilePrefix?: string;
}

/** Arrays by input name: float32 as Float32Array, int32 as Int32Array, int64 as BigInt64Array, bool as Uint8Array of 0 and 1. */
export type Feeds = Readonly<Record<string, TypedArray>>;

/** A compiled part of a graph. Call `dispose` when done: its memory is not JavaScript's. */
export interface Session<Name extends string = string> {
  /** The inputs that `run` needs, in the order declared. */
  readonly inputs: readonly Value[];
  /**
   * Computes all outputs, each row-major. Feeds are read in place and must not change until the promise settles;
   * feeds on which no output depends are ignored. Outputs named in `into` are written to the arrays given there and
   * returned, which saves an allocation per run.
   * @throws UserError (`wrong-feed`) when a feed is absent, of another type or of another length;
   *   EnvironmentError (`run-failed`) when an operator fails, e.g. at an index out of range.
   */
  run(feeds: Feeds, into?: Readonly<Partial<Record<Name, Float32Array>>>): Promise<Record<Name, Float32Array>>;
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
  const { bytes, inputs } = createModel(graph, outputs);
  const session = await compile(bytes, options);
  return {
    inputs,
    async run(feeds, into) {
      const tensors = Object.fromEntries(inputs.map((input) => [input.name, feedTensor(input, feeds[input.name])]));
      const fetches = Object.fromEntries(
        values.map(([name, value]) => [outputName(name), target(value, into?.[name])]),
      );
      const results = await session.run(tensors, fetches).catch(runFailed);
      return Object.fromEntries(
        values.map(([name]) => [name, into?.[name] ?? results[outputName(name)]?.data]),
      ) as Record<Name, Float32Array>;
    },
    async dispose() {
      if (options.profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

async function compile(bytes: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const { threads = 1, device = 'cpu', profilePrefix } = options;
  const providers = executionProviders(device);
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: providers,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Off: 10 % less processor time per step and half the memory, since each session would keep its own largest block.
      enableMemPattern: false,
      logSeverityLevel: 4,
      extra: runtimeConfig,
      ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    throw compileError(device, cause);
  }
}

function runFailed(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new EnvironmentError('run-failed', `Expected the graph to run, got: ${reason}. Check the values fed.`, {
    cause,
  });
}

function compileError(device: Device, cause: unknown): EnvironmentError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
  if (device !== 'cpu') return deviceAbsent(device, `which ONNX Runtime could not start (${reason})`, cause);
  return new EnvironmentError('session-failed', `Expected ONNX Runtime to take the graph, got: ${reason}.`, { cause });
}

// Waiting threads sleep: spinning gains 0 to 7 % on an idle machine and doubles the time of a step on a busy one.
const runtimeConfig = { session: { intra_op: { allow_spinning: '0' } } };

function feedTensor(input: Value, data: TypedArray | undefined): Tensor {
  const { name, dtype, shape } = input;
  if (!(data instanceof arrayTypes[dtype]) || data.length !== sizeOf(shape)) {
    const got = data === undefined ? 'nothing' : `${data.constructor.name} of length ${data.length}`;
    const wanted = `${arrayTypes[dtype].name} of length ${sizeOf(shape)}, shape ${formatShape(shape)}`;
    throw expected('wrong-feed', `feed "${name}"`, wanted, got, 'Feed every input of the session at each run');
  }
  return new Tensor(dtype, data, shape);
}

const arrayTypes = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array } as const;

function target(value: Value, data: Float32Array | undefined): Tensor | null {
  return data ? feedTensor(value, data) : null;
}
