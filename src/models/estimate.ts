import type { Architecture } from './architecture.ts';
import { parameterCount } from './architecture.ts';

export interface TrainingSize {
  readonly architecture: Architecture;
  readonly examples: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Mean tokens per text, end token included. */
  readonly meanTokens: number;
  readonly threads: number;
}

export interface TrainingEstimate {
  /** Floating-point operations of all steps. */
  readonly operations: number;
  readonly seconds: number;
  /** Peak memory of the process. */
  readonly bytes: number;
}

/**
 * Operations per second of a training step and thread at width 128 and above, on one core of a 2-core cloud machine
 * (nominal 78 GFLOP/s). Narrower products are slower in proportion: 42e9 were measured at width 128, 23e9 at width 64.
 */
const operationsPerSecond = 42e9;
const fullSpeedWidth = 128;

/** Share of a further thread's time that helps. */
const threadEfficiency = 0.85;

/** Padding that length buckets leave. */
const paddingFactor = 1.08;

/** What one token keeps for the backward pass, in floats per layer and unit of width; measured from resident memory. */
const floatsPerToken = 25;

/** Bytes of the process without a model. */
const processBytes = 250e6;

/** Time and memory of training on an idle machine like the one named above; within a factor of 2 elsewhere, most likely. */
export function estimateTraining(size: TrainingSize): TrainingEstimate {
  const { architecture, examples, epochs, batchSize, meanTokens, threads } = size;
  const { width, layers } = architecture;
  const tokens = meanTokens * paddingFactor;
  const operations =
    examples * epochs * (6 * tokens * weightsPerToken(architecture) + 12 * tokens ** 2 * width * layers);
  const perThread = operationsPerSecond * Math.min(1, architecture.width / fullSpeedWidth);
  const speed = perThread * (1 + (threads - 1) * threadEfficiency);
  // One compiled shape per bucket, each keeping its own activations; their lengths add up to about 12 times the mean.
  const activations = 12 * 4 * floatsPerToken * batchSize * meanTokens * width * layers;
  // Weights, their originals, gradients and AdamW's two means.
  const weights = 5 * 4 * parameterCount(architecture);
  return { operations, seconds: operations / speed, bytes: processBytes + activations + weights };
}

/** Weights that multiply every token: whole blocks, and keys and values alone in the last. */
function weightsPerToken({ width, layers }: Architecture): number {
  return ((layers - 1) * 12 + 2) * width ** 2;
}
