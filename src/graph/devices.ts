import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { EnvironmentError } from '../core/errors.ts';
import { Graph } from './graph.ts';
import { createModel, outputName } from './model.ts';

/** Where a session runs. `cpu` is always there; `webgpu` and `cuda` where their providers start. */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

// The runtime's own log goes to stderr; what it says there comes as errors too.
env.logLevel = 'fatal';

const problems = new Map<Device, Promise<string | undefined>>();

/** The sessions that devices were tried with, kept: ONNX Runtime shuts WebGPU down with its last session. */
const anchors: InferenceSession[] = [];

/**
 * Why a device cannot be used here, or undefined when it can: a graph of one addition has really run on it. Tried once
 * per process; takes a fraction of a second.
 */
export function deviceProblem(device: Device): Promise<string | undefined> {
  if (device === 'cpu') return Promise.resolve(undefined);
  const known = problems.get(device);
  if (known !== undefined) return known;
  const problem = tryDevice(device);
  problems.set(device, problem);
  return problem;
}

/** @throws EnvironmentError (`device-absent`), with the reason, when the device cannot be used here. */
export async function requireDevice(device: Device): Promise<void> {
  const reason = await deviceProblem(device);
  if (reason === undefined) return;
  const message = `Expected the device to be present on this machine, got "${device}": ${reason}. Use the device "cpu".`;
  throw new EnvironmentError('device-absent', message);
}

async function tryDevice(device: Device): Promise<string | undefined> {
  const built = ['cpu', ...listSupportedBackends().map(({ name }) => name)];
  if (!built.includes(device)) return `the installed ONNX Runtime knows only ${[...new Set(built)].join(', ')}`;
  try {
    const sum = await addOne(device);
    return sum === 3 ? undefined : `it adds 2 and 1 to ${sum}`;
  } catch (error) {
    return `it does not start (${reasonOf(error)})`;
  }
}

async function addOne(device: Device): Promise<unknown> {
  const graph = new Graph();
  const x = graph.input('x', [1]);
  const sum = graph.emit({ operator: 'Add', inputs: [x, graph.scalar(1)] }, [1]);
  const session = await InferenceSession.create(createModel(graph, { sum }).bytes, {
    executionProviders: [device],
    logSeverityLevel: 4,
  });
  const results = await session.run({ x: new Tensor('float32', Float32Array.of(2), [1]) });
  anchors.push(session);
  return results[outputName('sum')]?.data[0];
}

// A failed check in the runtime reads `<file>:<line> <function> <condition> was false. <reason>`.
function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^.* was false\. /, '').replace(/\.$/, '');
}
