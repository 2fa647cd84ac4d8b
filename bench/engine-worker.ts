/**
 * Our side of `bench/engine.ts`: the project's own decoder, trained and run as the experiments do. The same commands and
 * answers as `peers/pytorch.py`, one JSON line each.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createTrainer } from '../src/graph/create-trainer.ts';
import { Graph } from '../src/graph/graph.ts';
import { matmul } from '../src/graph/operators.ts';
import { createSession } from '../src/graph/session.ts';
import type { Trainer } from '../src/graph/trainer.ts';
import type { Architecture } from '../src/models/architecture.ts';
import type { Batch } from '../src/models/batching.ts';
import { type Runtime, readoutSession, trainingSession } from '../src/models/compiled.ts';
import { shapeOf, targetFeeds, textFeeds } from '../src/models/feeds.ts';
import type { ModelShape } from '../src/models/model-graph.ts';
import { decodeSafetensors } from '../src/models/safetensors.ts';
import { decays } from '../src/models/trainables.ts';
import { createDecoder } from '../src/models/transformer.ts';

export interface BenchBatch {
  /** Token ids of each text, unpadded. */
  readonly tokens: readonly (readonly number[])[];
  /** (texts × outputs) */
  readonly targets: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
  /** Length that ours pads the batch to. */
  readonly bucket: number;
}

interface Setup {
  readonly threads: number;
  readonly architecture: Architecture;
  /** Measurements and the two other heads. */
  readonly outputs: number;
  /** Heads read the mean of every token's state instead of the last token's. */
  readonly everyToken: boolean;
  readonly batchSize: number;
  readonly training: { learningRate: number; weightDecay: number; clipNorm: number };
  readonly weights: string;
  readonly batches: string;
}

type Arrays = Record<string, Float32Array>;

class Worker {
  readonly setup: Setup;
  readonly runtime: Runtime;
  readonly model: ModelShape;
  readonly batches: readonly BenchBatch[];
  readonly weights: Arrays;
  readonly trainer: Trainer;

  constructor(setup: Setup, weights: Arrays, trainer: Trainer, model: ModelShape) {
    this.setup = setup;
    this.runtime = { threads: setup.threads, device: 'cpu' };
    this.batches = JSON.parse(readFileSync(setup.batches, 'utf8'));
    this.weights = weights;
    this.trainer = trainer;
    this.model = model;
  }

  async run(kind: 'train' | 'forward', indices: readonly number[]) {
    const start = performance.now();
    const losses: number[] = [];
    for (const index of indices) losses.push(await this[kind](this.batches[index] as BenchBatch));
    const milliseconds = performance.now() - start;
    return { milliseconds, losses, peakBytes: 1024 * process.resourceUsage().maxRSS };
  }

  async train(batch: BenchBatch): Promise<number> {
    const { feeds, shape } = this.feeds(batch);
    const spec = { model: this.model, trainable: Object.keys(this.weights), nextTokens: false };
    const session = await trainingSession(spec, shape, this.runtime);
    const loss = await this.trainer.accumulate(session, feeds);
    await this.trainer.update(this.setup.training.learningRate);
    return loss;
  }

  async forward(batch: BenchBatch): Promise<number> {
    const { feeds, shape } = this.feeds(batch);
    const session = await readoutSession(this.model, shape, this.runtime);
    const { readouts } = await session.run({ ...this.weights, ...feeds });
    return (readouts as Float32Array)[0] as number;
  }

  feeds({ tokens, targets, weights, bucket }: BenchBatch) {
    const batch: Batch = { bucket, rows: tokens.map((_, row) => row) };
    const shape = shapeOf(batch, this.setup.batchSize);
    const matrix = (rows: readonly (readonly number[])[]) => {
      const columns = (rows[0] as readonly number[]).length;
      return { rows: rows.length, columns, data: Float32Array.from(rows.flat()) };
    };
    const encoded = tokens.map((ids) => Int32Array.from(ids));
    const feeds = {
      ...textFeeds(encoded, batch, shape),
      ...targetFeeds(matrix(targets), matrix(weights), batch, shape),
    };
    return { feeds, shape };
  }
}

async function gemm(size: number, threads: number) {
  const graph = new Graph();
  const y = matmul(graph.input('a', [size, size]), graph.input('b', [size, size]));
  const session = await createSession(graph, { y }, { threads });
  const feeds = { a: new Float32Array(size ** 2).fill(0.5), b: new Float32Array(size ** 2).fill(0.25) };
  const into = { y: new Float32Array(size ** 2) };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await session.run(feeds, into);
    best = Math.min(best, performance.now() - start);
  }
  await session.dispose();
  return { flopsPerSecond: (2 * size ** 3) / (best / 1000) };
}

async function createWorker(setup: Setup): Promise<Worker> {
  const { tensors } = decodeSafetensors(readFileSync(setup.weights), setup.weights);
  const weights = Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
  const model: ModelShape = {
    network: createDecoder(setup.architecture),
    heads: setup.outputs,
    readAt: setup.everyToken ? 'mean' : 'last',
  };
  const { weightDecay, clipNorm } = setup.training;
  const options = { weightDecay, maxNorm: clipNorm, decays: decays(model, 'matrices') };
  return new Worker(setup, weights, await createTrainer(weights, options), model);
}

let worker: Worker | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer: unknown = { versions: { node: process.versions.node } };
  if ('architecture' in command) worker = await createWorker(command);
  else if (command.run === 'gemm') answer = await gemm(command.size, command.threads);
  else answer = await worker?.run(command.run, command.batches);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
