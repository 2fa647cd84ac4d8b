import { expected } from '../core/errors.ts';
import type { Device } from './devices.ts';
import { type Graph, type Value, valuesOf } from './graph.ts';
import { keepsOutputs } from './resident-arrays.ts';
import { type RuntimeSession, type SessionOptions, startSession, type Tensors } from './runtime-session.ts';

/** A compiled loss with its gradients. It holds no weights, so one serves every model of a size. */
export interface GradientSession {
  readonly device: Device;
  /** The parameters differentiated by, with their shapes; none when only the loss is computed. */
  readonly parameters: ReadonlyMap<string, readonly number[]>;
  /** For trainers: outputs `loss` and {@link gradientName} of each parameter, which stay on a device that keeps outputs. */
  readonly runtime: RuntimeSession<string>;
  /** Ends it once the runs under way are done; a second call does nothing. Its memory is not JavaScript's. */
  dispose(): Promise<void>;
}

/**
 * Compiles `loss`, which has one element, with its gradients by parameter name, each of its parameter's shape.
 * @throws EnvironmentError (`device-absent`, `session-failed`) when the device is not there or the runtime refuses.
 */
export async function createGradientSession(
  graph: Graph,
  loss: Value,
  gradients: Readonly<Record<string, Value>>,
  options: SessionOptions = {},
): Promise<GradientSession> {
  const { device = 'cpu' } = options;
  valuesOf('createGradientSession', [loss, ...Object.values(gradients)]);
  const outputs = Object.fromEntries(Object.entries(gradients).map(([name, value]) => [gradientName(name), value]));
  const resident = keepsOutputs(device) ? Object.keys(outputs) : [];
  const runtime = await startSession<string>(graph, { loss, ...outputs }, options, resident);
  const parameters = new Map(Object.entries(gradients).map(([name, { shape }]) => [name, shape]));
  return { device, parameters, runtime, dispose: () => runtime.dispose() };
}

/** The output that holds a parameter's gradient. */
export function gradientName(parameter: string): string {
  return `gradient:${parameter}`;
}

/** The loss among the results of a gradient session. */
export function lossOf(results: Tensors): number {
  return Number(results.loss?.data[0]);
}

/** @throws UserError (`wrong-gradients`) unless the session runs there and has all of these gradients, or none at all. */
export function requireGradients(session: GradientSession, names: readonly string[], device: Device): void {
  const { parameters } = session;
  if (session.device !== device) {
    throw expected('wrong-gradients', 'device of the gradient session', device, session.device, 'Create it there.');
  }
  if (parameters.size === 0) return;
  const odd =
    names.find((name) => !parameters.has(name)) ?? [...parameters.keys()].find((name) => !names.includes(name));
  if (odd === undefined) return;
  const advice = `See to "${odd}".`;
  throw expected('wrong-gradients', 'gradients of the session', names.join(), [...parameters.keys()].join(), advice);
}
