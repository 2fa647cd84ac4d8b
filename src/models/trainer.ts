import { expected, TouchstoneError } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { Progress } from '../core/settings.ts';
import { type Arrays, createAdamW, type Optimizer } from '../graph/optimizer.ts';
import { warmupCosine } from '../graph/schedule.ts';
import { type Architecture, weightSpecs } from './architecture.ts';
import { type Batch, batchesOf } from './batching.ts';
import { type Runtime, trainingSession } from './compiled.ts';
import type { TrainingConfig } from './config.ts';
import { shapeOf, targetFeeds, textFeeds } from './feeds.ts';

export interface TrainingRun {
  readonly architecture: Architecture;
  /** Changed in place, by name. */
  readonly weights: Arrays;
  /** Token ids of each example. */
  readonly encoded: readonly Uint16Array[];
  /** Target in [0, 1] of each head on each example, (n × heads). */
  readonly targets: Matrix;
  /** Loss coefficient of each head on each example, (n × heads), ≥ 0. */
  readonly lossWeights: Matrix;
  readonly config: Omit<TrainingConfig, 'aggregateWeight'>;
  /** Orders the examples. */
  readonly seed: number;
  readonly runtime: Runtime;
  /** In examples, over all epochs. */
  readonly progress: Progress;
}

/**
 * Minimises mean over examples of Σ_h lossWeight_h · BCE(logit_h, target_h) by AdamW with clipping, warm-up and cosine.
 * Every use of training is this one graph with other targets and weights.
 * @returns the loss of each step.
 * @throws UserError (`training-diverged`) naming step and learning rate when the loss or a gradient is not finite.
 * @throws the signal's reason when aborted.
 */
export async function train(run: TrainingRun): Promise<Float64Array> {
  const { encoded, config, runtime, progress } = run;
  const perEpoch = Math.ceil(encoded.length / config.batchSize);
  const steps = Math.max(1, Math.round(perEpoch * config.epochs));
  const rate = warmupCosine({ peak: config.learningRate, steps, warmup: config.warmupSteps });
  const takeStep = stepper(run);
  const losses = new Float64Array(steps);
  const total = Math.round(encoded.length * config.epochs);
  let done = 0;
  for (let step = 0, batches: Batch[] = []; step < steps; step++) {
    runtime.signal?.throwIfAborted();
    if (step % perEpoch === 0) batches = epochBatches(run, step / perEpoch);
    const batch = batches[step % perEpoch] as Batch;
    losses[step] = await takeStep(batch, step, rate(step));
    done += batch.rows.length;
    progress(Math.min(done, total), total, 'examples');
  }
  return losses;
}

function epochBatches({ encoded, architecture, config, seed }: TrainingRun, epoch: number): Batch[] {
  const lengths = encoded.map(({ length }) => length);
  const { maxTokens } = architecture;
  const options = { batchSize: config.batchSize, maxTokens };
  return batchesOf(lengths, options, createRng(seed, 'batches', epoch));
}

/** Runs one step on a batch and returns its loss. */
function stepper({ architecture, weights, encoded, targets, lossWeights, config, runtime }: TrainingRun) {
  const specs = weightSpecs(architecture);
  const optimizer = createAdamW(weights, {
    weightDecay: config.weightDecay,
    maxNorm: config.clipNorm,
    decays: (name) => specs.get(name)?.shape.length === 2,
  });
  // Filled anew by every step, whatever the bucket.
  const results: Record<string, Float32Array> = { loss: new Float32Array(1) };
  for (const [name, { length }] of Object.entries(weights)) results[name] = new Float32Array(length);
  return async (batch: Batch, step: number, learningRate: number): Promise<number> => {
    const shape = shapeOf(batch, config.batchSize);
    const session = await trainingSession(architecture, shape, runtime);
    const feeds = { ...textFeeds(encoded, batch, shape), ...targetFeeds(targets, lossWeights, batch, shape) };
    const { loss, ...gradients } = await session.run({ ...weights, ...feeds }, results);
    const value = (loss as Float32Array)[0] as number;
    if (!Number.isFinite(value)) throw diverged(`loss at step ${step + 1}`, learningRate, value);
    update(optimizer, gradients, learningRate, step);
    return value;
  };
}

function update(optimizer: Optimizer, gradients: Arrays, learningRate: number, step: number): void {
  try {
    optimizer.step(gradients, learningRate);
  } catch (error) {
    if (!(error instanceof TouchstoneError && error.code === 'gradient-not-finite')) throw error;
    throw diverged(`norm of the gradients at step ${step + 1}`, learningRate, 'a number that is not');
  }
}

function diverged(what: string, learningRate: number, got: unknown) {
  const thing = `the ${what} (learning rate ${learningRate.toPrecision(3)})`;
  return expected('training-diverged', thing, 'finite', got, 'Lower the learning rate, or look for extreme weights.');
}
