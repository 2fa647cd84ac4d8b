import type { Matrix } from '../core/models.ts';
import type { Progress } from '../core/settings.ts';
import type { Arrays } from '../graph/optimizer.ts';
import type { Runtime } from './compiled.ts';
import type { TrainingConfig } from './config.ts';
import type { TokenMask } from './feeds.ts';
import type { ModelShape } from './model-graph.ts';

/** What is told after each step. */
export interface StepReport {
  /** Steps taken, this one included. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/** Where and how often the state of a training is written. */
export interface TrainingCheckpoint {
  /** A safetensors file; a training that finds its own there goes on from it. */
  readonly file: string;
  /** @default 100 */
  readonly everySteps?: number;
}

/** All that a training starts from. */
export interface TrainingRun {
  readonly model: ModelShape;
  /** By name, the trained ones changed in place, the others only read. */
  readonly weights: Arrays;
  /** Names of the weights that are trained. */
  readonly trainable: readonly string[];
  /** Token ids of each example. */
  readonly encoded: readonly Int32Array[];
  /** Target in [0, 1] of each head on each example, (n × heads). */
  readonly targets: Matrix;
  /** Loss coefficient of each head on each example, (n × heads), ≥ 0. */
  readonly lossWeights: Matrix;
  readonly config: Omit<TrainingConfig, 'aggregateWeight' | 'trainable' | 'lora' | 'weights'>;
  /** Orders the examples. */
  readonly seed: number;
  readonly runtime: Runtime;
  /** In examples, over all epochs. */
  readonly progress: Progress;
  readonly onStep?: (report: StepReport) => void;
  /** Which tokens a mean is taken over. @default all */
  readonly readMask?: TokenMask;
  /** Which tokens count in the next-token loss, as the ones predicted. @default all */
  readonly nextTokenMask?: TokenMask;
  readonly checkpoint?: TrainingCheckpoint;
}
