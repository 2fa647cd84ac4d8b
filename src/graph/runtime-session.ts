/**
 * The one place that calls ONNX Runtime to compile and run a graph: tensors in, tensors out, wherever they lie. What
 * users of the engine see is `createSession`, which feeds and returns arrays.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EnvironmentError, expected } from '../core/errors.ts';
import { type Device, requireDevice } from './devices.ts';
import type { Graph, TypedArray, Value } from './graph.ts';
import { lowered } from './lowering.ts';
import { createModel, outputName } from './model.ts';
import { formatShape, sizeOf } from './shapes.ts';

export interface SessionOptions {
  /** Threads inside an operator, at least 1. @default 1 */
  readonly threads?: number;
  /** @default 'cpu' */
  readonly device?: Device;
  /** Whether working memory is kept from run to run, which is faster, or given back, on CPU. @default true */
  readonly keepsMemory?: boolean;
  /** Collect ONNX Runtime's timings per operator and write them to `<profilePrefix>_<time>.json` on `dispose`. */
  readonly profilePrefix?: string;
}

/** Tensors by name. */
export type Tensors<Name extends string = string> = Readonly<Record<Name, Tensor>>;

export interface RuntimeSession<Name extends string> {
  /** The inputs that `run` needs, in the order declared. */
  readonly inputs: readonly Value[];
  /** Computes all outputs; those in `into` are written there. @throws EnvironmentError (`run-failed`). */
  run(tensors: Tensors, into?: Readonly<Partial<Record<Name, Tensor>>>): Promise<Tensors<Name>>;
  /** Ends it once the runs under way are done; a second call does nothing. Resident outputs stay good. */
  dispose(): Promise<void>;
}

/** Which session made a resident tensor. */
const owners = new WeakMap<Tensor, Lifetime>();

/**
 * Releases a session only when no run is under way and no tensor that it made is left: a tensor's memory belongs to
 * its session, and giving it back afterwards would end the process.
 */
class Lifetime {
  ended = false;
  readonly #release: () => Promise<void>;
  readonly #running = new Set<Promise<unknown>>();
  readonly #tensors = new Set<Tensor>();
  #released: Promise<void> | undefined;

  constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  async during<T>(run: Promise<T>): Promise<T> {
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  own(tensor: Tensor): void {
    this.#tensors.add(tensor);
    owners.set(tensor, this);
  }

  disown(tensor: Tensor): void {
    this.#tensors.delete(tensor);
    void this.#releaseUnused();
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.allSettled(this.#running);
    await this.#releaseUnused();
  }

  async #releaseUnused(): Promise<void> {
    if (!this.ended || this.#running.size > 0 || this.#tensors.size > 0) return;
    this.#released ??= this.#release();
    await this.#released;
  }
}

/**
 * Compiles the part of `graph` that `outputs` depend on. Outputs named in `resident` stay in the device's memory
 * (WebGPU only), until `disposeTensors` gives it back; the session's own memory lasts as long.
 * @throws EnvironmentError (`device-absent`, `session-failed`).
 */
export async function startSession<Name extends string>(
  graph: Graph,
  outputs: Readonly<Record<Name, Value>>,
  options: SessionOptions,
  resident: readonly NoInfer<Name>[] = [],
): Promise<RuntimeSession<Name>> {
  const names = Object.keys(outputs) as Name[];
  const { bytes, inputs } = createModel(...lowered(graph, outputs, options.device ?? 'cpu'));
  const session = await compile(bytes, options, resident);
  const lifetime = new Lifetime(async () => {
    if (options.profilePrefix !== undefined) session.endProfiling();
    await session.release();
  });
  return {
    inputs,
    async run(tensors, into) {
      if (lifetime.ended) throw runFailed('the session has been disposed');
      const fetches = Object.fromEntries(names.map((name) => [outputName(name), into?.[name] ?? null]));
      const computed = await lifetime.during(session.run(tensors, fetches)).catch((cause: unknown) => {
        throw runFailed(cause instanceof Error ? cause.message : String(cause), cause);
      });
      const results = Object.fromEntries(names.map((name) => [name, computed[outputName(name)] as Tensor]));
      for (const name of resident) lifetime.own(results[name] as Tensor);
      return results as Tensors<Name>;
    },
    dispose: () => lifetime.end(),
  };
}

/** Gives back the memory of resident tensors; those already given back are left alone. */
export function disposeTensors(tensors: Tensors): void {
  for (const tensor of Object.values<Tensor>(tensors)) {
    tensor.dispose();
    owners.get(tensor)?.disown(tensor);
  }
}

/** The tensor to feed for an input. @throws UserError (`wrong-feed`) when the array is absent, of another type or length. */
export function feedTensor(input: Value, data: TypedArray | undefined): Tensor {
  const { name, dtype, shape } = input;
  if (!(data instanceof arrayTypes[dtype]) || data.length !== sizeOf(shape)) {
    const got = data === undefined ? 'nothing' : `${data.constructor.name} of length ${data.length}`;
    const wanted = `${arrayTypes[dtype].name} of length ${sizeOf(shape)}, shape ${formatShape(shape)}`;
    throw expected('wrong-feed', `feed "${name}"`, wanted, got, 'Feed every input of the session at each run');
  }
  return new Tensor(dtype, data, shape);
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

async function compile(bytes: Uint8Array, options: SessionOptions, resident: readonly string[]) {
  const { threads = 1, device = 'cpu', keepsMemory = true, profilePrefix } = options;
  await requireDevice(device);
  const locations = Object.fromEntries(resident.map((name) => [outputName(name), 'gpu-buffer' as const]));
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Off: 10 % less processor time per step and half the memory, since each session would keep its own largest block.
      enableMemPattern: false,
      enableCpuMemArena: keepsMemory,
      logSeverityLevel: 4,
      extra: runtimeConfig,
      ...(resident.length > 0 && { preferredOutputLocation: locations }),
      ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new EnvironmentError('session-failed', `Expected ONNX Runtime to take the graph, got: ${reason}.`, { cause });
  }
}

// Between operators threads wait awake for 20 µs, then sleep: 6 % faster than sleeping at once, and 8 % slower on a busy
// machine, where spinning without end takes 1.5 times as long. Between runs they sleep.
const runtimeConfig = {
  session: { intra_op: { allow_spinning: '1', spin_duration_us: '20' }, force_spinning_stop: '1' },
};

function runFailed(reason: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError('run-failed', `Expected the graph to run, got: ${reason}. Check the values fed.`, {
    cause,
  });
}
