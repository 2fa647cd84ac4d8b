import { expected } from '../core/errors.ts';
import type { Device } from '../graph/devices.ts';
import { createGradientSession, type GradientSession } from '../graph/gradient-session.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add, bceWithLogits, concat, crossEntropy, mul, reduceSum, reshape } from '../graph/operators.ts';
import { type RuntimeSession, type SessionOptions, startSession } from '../graph/runtime-session.ts';
import { createSession, type Session } from '../graph/session.ts';
import { graphCosts } from './graph-costs.ts';
import { buildIntervention, buildInterventionGradient } from './intervention-graph.ts';
import { buildLogLikelihoods } from './log-likelihood-graph.ts';
import { buildModel, type ModelGraph, type ModelShape } from './model-graph.ts';
import type { BatchShape, Network } from './network.ts';

/** Where and how a model computes. */
export interface Runtime {
  /** Threads inside an operator, at least 1. */
  readonly threads: number;
  readonly device: Device;
  /** Stops training and inference between steps. */
  readonly signal?: AbortSignal;
}

/**
 * Inputs of a training graph besides those of the model: targets and loss weights, each (batch × heads), and where next
 * tokens are predicted, the id that follows each token and what predicting it weighs, each (batch × tokens).
 */
export const trainingInputNames = {
  targets: 'targets',
  lossWeights: 'loss-weights',
  nextTokens: 'next-tokens',
  nextTokenWeights: 'next-token-weights',
} as const;

/** A loss and what it is differentiated by. */
export interface LossGraph {
  readonly model: ModelShape;
  /** Names of the weights that are trained; none for the loss alone. */
  readonly trainable: readonly string[];
  readonly nextTokens: boolean;
}

/**
 * One training step's loss, Σ loss-weights · BCE(logits, targets) + Σ next-token-weights · cross-entropy, and its
 * gradients by weight name. Callers divide the weights by the number of rows and tokens that count.
 */
export function trainingSession(spec: LossGraph, shape: BatchShape, runtime: Runtime): Promise<GradientSession> {
  const { model, trainable, nextTokens } = spec;
  const key = ['training', modelKey(model), trainable, nextTokens];
  return cached(model.network, key, shape, runtime, (graph) => {
    const { loss, gradients } = buildTraining(graph, spec, shape);
    const options = sessionOptions(runtime, graph, [loss, ...Object.values(gradients)]);
    return createGradientSession(graph, loss, gradients, options);
  });
}

interface TrainingGraph {
  readonly loss: Value;
  /** By name of each trained weight, of its shape. */
  readonly gradients: Readonly<Record<string, Value>>;
}

/** Writes loss and gradients in `graph`; only what the gradients of trained weights need is differentiated. */
export function buildTraining(graph: Graph, spec: LossGraph, shape: BatchShape): TrainingGraph {
  const { model, trainable, nextTokens } = spec;
  if (nextTokens && !model.network.causal) throw noNextTokens();
  const built = buildModel(graph, model, shape, nextTokens ? 'all' : 'last');
  const loss = lossOf(graph, built, shape, nextTokens);
  const flows =
    trainable.length > 0
      ? gradients(
          loss,
          trainable.map((name) => built.weights.get(name) as Value),
        )
      : [];
  return { loss, gradients: Object.fromEntries(trainable.map((name, i) => [name, flows[i] as Value])) };
}

function lossOf(graph: Graph, { logits, nextTokenLogits }: ModelGraph, shape: BatchShape, nextTokens: boolean): Value {
  const targets = graph.input(trainingInputNames.targets, logits.shape);
  const lossWeights = graph.input(trainingInputNames.lossWeights, logits.shape);
  const heads = reduceSum(mul(bceWithLogits(logits, targets), lossWeights));
  if (!nextTokens) return heads;
  if (!nextTokenLogits) throw noNextTokens();
  const cells = [shape.batch, shape.tokens];
  const ids = reshape(graph.input(trainingInputNames.nextTokens, cells, 'int32'), [-1]);
  const weights = reshape(graph.input(trainingInputNames.nextTokenWeights, cells), [-1]);
  return add(heads, reduceSum(mul(crossEntropy(nextTokenLogits(), ids), weights)));
}

function noNextTokens() {
  const thing = 'the network of a training with nextTokenWeight';
  return expected(
    'no-next-tokens',
    thing,
    'one that predicts tokens',
    'one that does not',
    'Set nextTokenWeight to 0.',
  );
}

/** Output `logits`, (batch × heads), at the weights of a training under way: for `Trainer.read`. */
export function logitsSession(model: ModelShape, shape: BatchShape, runtime: Runtime): Promise<RuntimeSession<string>> {
  return cached(model.network, ['logits', modelKey(model)], shape, runtime, (graph) => {
    const { logits } = buildModel(graph, model, shape, 'last');
    return startSession<string>(graph, { logits }, sessionOptions(runtime, graph, [logits]));
  });
}

/** One forward pass: output `readouts`, (batch × {@link readoutWidth}): logits, then read-outs from layer 0 on. */
export function readoutSession(model: ModelShape, shape: BatchShape, runtime: Runtime): Promise<Session> {
  return cached(model.network, ['readout', modelKey(model)], shape, runtime, (graph) => {
    const readouts = buildReadouts(graph, model, shape);
    return createSession(graph, { readouts }, sessionOptions(runtime, graph, [readouts]));
  });
}

/** Writes the read-outs of one forward pass in `graph`. */
export function buildReadouts(graph: Graph, model: ModelShape, shape: BatchShape): Value {
  const { logits, hidden } = buildModel(graph, model, shape, 'last');
  return concat([logits, ...hidden], 1);
}

/**
 * One forward pass: for each layer asked an output `layer-<l>`, (batch × width) where the model reads its texts, or
 * (batch · tokens × width) everywhere.
 */
export function hiddenSession(
  model: ModelShape,
  layers: readonly number[],
  everywhere: boolean,
  shape: BatchShape,
  runtime: Runtime,
): Promise<Session> {
  return cached(model.network, ['hidden', modelKey(model), layers, everywhere], shape, runtime, (graph) => {
    const built = buildModel(graph, model, shape, everywhere ? 'all' : 'last');
    const states = (everywhere && built.everywhere) || built.hidden;
    const outputs = Object.fromEntries(layers.map((layer) => [`layer-${layer}`, states[layer] as Value]));
    return createSession(graph, outputs, sessionOptions(runtime, graph, Object.values(outputs)));
  });
}

/** Output `logits`, (batch × heads), after an intervention at `layer`. */
export function interventionSession(model: ModelShape, layer: number, shape: BatchShape, runtime: Runtime) {
  return cached(model.network, ['intervention', modelKey(model), layer], shape, runtime, (graph) => {
    const { logits } = buildIntervention(graph, model, layer, shape);
    return createSession(graph, { logits }, sessionOptions(runtime, graph, [logits]));
  });
}

/** Output `gradient`, (batch × width), of an intervention at `layer`. */
export function interventionGradientSession(model: ModelShape, layer: number, shape: BatchShape, runtime: Runtime) {
  return cached(model.network, ['intervention-gradient', modelKey(model), layer], shape, runtime, (graph) => {
    const gradient = buildInterventionGradient(graph, model, layer, shape);
    return createSession(graph, { gradient }, sessionOptions(runtime, graph, [gradient]));
  });
}

/**
 * One forward pass: output `heads`, (batch × layers · heads · depth), of the attention in every block, the first one's first.
 * @throws UserError (`no-head-outputs`) where the network does not show it.
 */
export function headOutputSession(model: ModelShape, shape: BatchShape, runtime: Runtime) {
  const { network } = model;
  return cached(network, ['heads', modelKey(model)], shape, runtime, async (graph) => {
    const { headOutputs } = buildModel(graph, model, shape, 'last');
    const shown = Array.from({ length: network.layers }, (_, block) => headOutputs(block + 1) ?? throwNoHeads(network));
    const heads = concat(shown, 1);
    return createSession(graph, { heads }, sessionOptions(runtime, graph, [heads]));
  });
}

function throwNoHeads({ family }: Network): never {
  const next = 'Choose a network that is built here: the own model, or a Hugging Face checkpoint.';
  const [thing, wanted] = [`the ${family} network`, 'one that shows its attention heads'];
  throw expected('no-head-outputs', thing, wanted, 'one that does not', next);
}

/** Output `logLikelihoods`, (count): log probabilities of `count` next tokens. */
export function logLikelihoodSession(model: ModelShape, count: number, shape: BatchShape, runtime: Runtime) {
  return cached(model.network, ['log-likelihoods', modelKey(model), count], shape, runtime, async (graph) => {
    const logLikelihoods = buildLogLikelihoods(graph, model, shape, count);
    return createSession(graph, { logLikelihoods }, sessionOptions(runtime, graph, [logLikelihoods]));
  });
}

/** Columns of a read-out: heads, then layers + 1 hidden states. */
export function readoutWidth({ network, heads }: ModelShape): number {
  return heads + (network.layers + 1) * network.width;
}

/** Bytes of working memory that all compiled graphs together may keep between runs. */
const keptBudget = 2 * 2 ** 30;
let kept = 0;

/**
 * A graph that keeps its working memory is up to 1.4 times as fast, but each length of texts has a graph of its own. So
 * the first ones keep theirs, and those beyond the budget give it back after each run.
 */
function sessionOptions({ threads, device }: Runtime, graph: Graph, outputs: readonly Value[]): SessionOptions {
  const { peakBytes } = graphCosts(graph, outputs);
  const keepsMemory = kept + peakBytes <= keptBudget;
  if (keepsMemory) kept += peakBytes;
  return { threads, device, keepsMemory };
}

/** Working memory that graphs of some lengths hold at most, given that of the mean length. */
export function keptBytes(peakBytes: number, count: number): number {
  return count * peakBytes <= keptBudget ? count * peakBytes : keptBudget + peakBytes;
}

type Sessions = Map<string, Promise<unknown>>;

/** Compiled graphs of this process by what fixes them; they hold no weights, so models of one network share them. */
const byKey = new Map<string, Sessions>();
const byNetwork = new WeakMap<Network, Sessions>();

function sessionsOf(network: Network): Sessions {
  const known = network.key === undefined ? byNetwork.get(network) : byKey.get(network.key);
  if (known) return known;
  const made: Sessions = new Map();
  if (network.key === undefined) byNetwork.set(network, made);
  else byKey.set(network.key, made);
  return made;
}

function modelKey({ heads, readAt, adapters }: ModelShape) {
  return { heads, readAt, adapters };
}

/** The kind of session is part of `key`, so that one of another type is never found. */
function cached<T>(
  network: Network,
  key: unknown,
  shape: BatchShape,
  { threads, device }: Runtime,
  compile: (graph: Graph) => Promise<T>,
): Promise<T> {
  const sessions = sessionsOf(network);
  const name = JSON.stringify([key, shape, threads, device]);
  const known = sessions.get(name);
  if (known !== undefined) return known as Promise<T>;
  const session = compile(new Graph());
  sessions.set(name, session);
  session.catch(() => sessions.delete(name));
  return session;
}
