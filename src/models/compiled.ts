import type { Device } from '../graph/devices.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { bceWithLogits, concat, mul, reduceSum } from '../graph/operators.ts';
import { createSession, type Session } from '../graph/session.ts';
import { type Architecture, headsOf } from './architecture.ts';
import { type BatchShape, buildTransformer } from './transformer.ts';

/** Where and how a model computes. */
export interface Runtime {
  /** Threads inside an operator, at least 1. */
  readonly threads: number;
  readonly device: Device;
  /** Stops training and inference between steps. */
  readonly signal?: AbortSignal;
}

/** Inputs of a training graph besides those of the transformer: each (batch × heads). */
export const trainingInputNames = { targets: 'targets', lossWeights: 'loss-weights' } as const;

/** Compiled graphs of this process by what fixes them; they hold no weights, so every model of one size shares them. */
const sessions = new Map<string, Promise<Session>>();

/**
 * One training step's loss and gradients: outputs `loss`, Σ loss-weights · BCE(logits, targets), and by weight name its
 * gradient. Callers divide the loss weights by the number of rows that count.
 */
export function trainingSession(architecture: Architecture, shape: BatchShape, runtime: Runtime): Promise<Session> {
  return cached('training', architecture, shape, runtime, (graph) => {
    const { weights, logits } = buildTransformer(graph, architecture, shape);
    const targets = graph.input(trainingInputNames.targets, logits.shape);
    const lossWeights = graph.input(trainingInputNames.lossWeights, logits.shape);
    const loss = reduceSum(mul(bceWithLogits(logits, targets), lossWeights));
    const flows = gradients(loss, [...weights.values()]);
    return { loss, ...Object.fromEntries([...weights.keys()].map((name, i) => [name, flows[i] as Value])) };
  });
}

/** One forward pass: output `readouts`, (batch × {@link readoutWidth}): logits, then hidden states from layer 0 on. */
export function readoutSession(architecture: Architecture, shape: BatchShape, runtime: Runtime): Promise<Session> {
  return cached('readout', architecture, shape, runtime, (graph) => {
    const { logits, hidden } = buildTransformer(graph, architecture, shape);
    return { readouts: concat([logits, ...hidden], 1) };
  });
}

/** Columns of a read-out: heads, then layers + 1 hidden states. */
export function readoutWidth(architecture: Architecture): number {
  return headsOf(architecture).length + (architecture.layers + 1) * architecture.width;
}

function cached(
  kind: string,
  architecture: Architecture,
  shape: BatchShape,
  { threads, device }: Runtime,
  build: (graph: Graph) => Readonly<Record<string, Value>>,
): Promise<Session> {
  const key = JSON.stringify([kind, architecture, shape, threads, device]);
  const known = sessions.get(key);
  if (known) return known;
  const graph = new Graph();
  const session = createSession(graph, build(graph), { threads, device });
  sessions.set(key, session);
  session.catch(() => sessions.delete(key));
  return session;
}
