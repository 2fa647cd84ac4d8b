import { Graph, type Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { adapterTargets } from './adapters.ts';
import { batchesOf } from './batching.ts';
import { buildReadouts, buildTraining, keptBytes } from './compiled.ts';
import type { TrainingConfig } from './config.ts';
import { type GraphCosts, graphCosts } from './graph-costs.ts';
import { type ModelShape, modelWeights } from './model-graph.ts';
import type { Network } from './network.ts';
import { inferenceBatch } from './readouts.ts';
import { trainableNames } from './trainables.ts';

export interface WorkSize {
  readonly network: Network;
  readonly heads: number;
  readonly training: TrainingConfig;
  readonly examples: number;
  /** Mean tokens per text, special tokens included. */
  readonly meanTokens: number;
  /** How many padded lengths the texts come to, as many as buckets; fewer take less memory. @default 12 */
  readonly lengths?: number;
  /** Token counts of some texts: batches are laid out with them, in place of `meanTokens` and `lengths`. */
  readonly texts?: readonly number[];
  /** Whether graphs compiled before have used up the working memory that graphs may keep. @default false */
  readonly crowded?: boolean;
  readonly threads: number;
}

export interface TrainingSize extends WorkSize {
  readonly epochs: number;
}

export interface WorkEstimate {
  /** Floating-point operations of all products. */
  readonly operations: number;
  readonly seconds: number;
  /** Peak memory of the process. */
  readonly bytes: number;
  /** Whether its graphs use up the working memory that graphs may keep. */
  readonly crowded: boolean;
}

/**
 * What one core of a 2-core cloud machine (AMD EPYC, nominal 78 GFLOP/s) was measured to take, over widths 64 to 384 in
 * full, adapter and head training; docs/performance.md.
 */
const perOperation = 1 / 75e9;
const perElement = 0.27e-9;
/** Starting an operator, and waking the other threads for it. */
const perNode = 12e-6;
const perWakening = 16e-6;
/** AdamW and the copy of a gradient out of the runtime, on one thread whatever their number. */
const perTrained = 11e-9;
/** Compiling a graph for one length of texts. */
const perCompiledNode = 0.5e-3;

/** Share of a further thread's time that helps. */
const threadEfficiency = 0.88;

/** Padding that length buckets leave. */
const paddingFactor = 1.08;

/** Lengths that texts of a setting are computed at; each keeps its memory, and together they are about this often the mean. */
const usualLengths = 12;

/** What a graph takes longer that has to ask for its memory at each run. */
const unkeptFactor = 1.4;

/** What the runtime's memory grows to beyond what is alive at once. */
const arenaFactor = 1.5;

/** Texts laid out in batches to learn what padding they get; more give the same. */
const laidOut = 4096;

/** Bytes of the process without a model. */
const processBytes = 230e6;

/** Time and memory of training on an idle machine like the one named above; within a factor of 2 elsewhere, most likely. */
export function estimateTraining(size: TrainingSize): WorkEstimate {
  const { training, examples, epochs, threads } = size;
  const model = modelOf(size);
  const trainable = trainableNames(model, training);
  const batch = Math.ceil(training.batchSize / training.accumulate);
  const layout = layoutOf(size, training.batchSize);
  const costs = costsAt(layout, batch, (graph, shape) => {
    const { loss, gradients } = buildTraining(
      graph,
      { model, trainable, nextTokens: training.nextTokenWeight > 0 },
      shape,
    );
    return [loss, ...Object.values(gradients)];
  });
  const steps = Math.max(1, Math.round(Math.ceil(examples / training.batchSize) * epochs));
  const runs = steps * Math.ceil(Math.min(examples, training.batchSize) / batch);
  const trained = weightCount(model, trainable);
  const shapes = Math.min(layout.lengths, steps);
  const memory = memoryOf(costs, shapes, size);
  // Of each trained weight: the copy, its gradient inside and outside the runtime (and the sum), AdamW's two means.
  const copies = training.accumulate > 1 ? 6 : 5;
  return {
    operations: runs * costs.operations,
    seconds:
      runs * secondsOf(costs, threads) * memory.factor +
      steps * trained * perTrained +
      shapes * costs.nodes * perCompiledNode,
    bytes: processBytes + 4 * weightCount(model) + 4 * copies * trained + memory.bytes,
    crowded: memory.crowded,
  };
}

/** Time and memory of reading hidden states of all layers, the same way. */
export function estimateReading(size: WorkSize): WorkEstimate {
  const model = modelOf(size);
  const batch = inferenceBatch(size.network);
  const layout = layoutOf(size, batch);
  const costs = costsAt(layout, batch, (graph, shape) => [buildReadouts(graph, model, shape)]);
  const runs = Math.max(1, Math.ceil(size.examples / batch));
  const shapes = Math.min(layout.lengths, runs);
  const memory = memoryOf(costs, shapes, size);
  return {
    operations: runs * costs.operations,
    seconds: runs * secondsOf(costs, size.threads) * memory.factor + shapes * costs.nodes * perCompiledNode,
    bytes: processBytes + 4 * weightCount(model) + memory.bytes,
    crowded: memory.crowded,
  };
}

function modelOf({ network, heads, training }: WorkSize): ModelShape {
  const readAt = network.causal ? 'last' : 'first';
  if (training.trainable !== 'lora') return { network, heads, readAt };
  const { rank, alpha, targets } = training.lora;
  return { network, heads, readAt, adapters: { rank, alpha, weights: adapterTargets(network, targets) } };
}

interface Layout {
  /** Mean padded length. */
  readonly tokens: number;
  /** How many padded lengths there are. */
  readonly lengths: number;
}

function layoutOf({ texts, network, meanTokens, lengths, examples }: WorkSize, batchSize: number): Layout {
  const { maxTokens } = network;
  if (texts === undefined || texts.length === 0) {
    const tokens = Math.max(1, Math.min(maxTokens, Math.round(meanTokens * paddingFactor)));
    return { tokens, lengths: lengths ?? usualLengths };
  }
  const count = Math.max(1, Math.min(laidOut, Math.round(examples)));
  const drawn = Array.from({ length: count }, (_, i) => texts[i % texts.length] as number);
  const buckets = batchesOf(drawn, { batchSize, maxTokens }).map(({ bucket }) => bucket);
  const mean = buckets.reduce((sum, bucket) => sum + bucket, 0) / buckets.length;
  return { tokens: Math.round(mean), lengths: new Set(buckets).size };
}

function costsAt(
  { tokens }: Layout,
  batch: number,
  build: (graph: Graph, shape: { batch: number; tokens: number }) => readonly Value[],
): GraphCosts {
  const graph = new Graph();
  return graphCosts(graph, build(graph, { batch, tokens }));
}

/** What the graphs of some lengths hold, and how much longer those take that may not keep it. */
function memoryOf({ peakBytes }: GraphCosts, shapes: number, { crowded: before = false }: WorkSize) {
  const all = shapes * peakBytes;
  const held = before ? peakBytes : keptBytes(peakBytes, shapes);
  const unkept = held < all ? 1 - (held - peakBytes) / all : 0;
  return { bytes: arenaFactor * held, factor: 1 + (unkeptFactor - 1) * unkept, crowded: before || unkept > 0 };
}

function secondsOf({ operations, elements, nodes }: GraphCosts, threads: number): number {
  const speed = 1 + (threads - 1) * threadEfficiency;
  return (
    (operations * perOperation + elements * perElement) / speed + nodes * (perNode + (threads > 1 ? perWakening : 0))
  );
}

function weightCount(model: ModelShape, names?: readonly string[]): number {
  const shapes = modelWeights(model);
  const counted = names ?? [...shapes.keys()];
  return counted.reduce((sum, name) => sum + sizeOf(shapes.get(name)?.shape ?? [0]), 0);
}
