import type { Matrix, Retarget } from '../core/models.ts';
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

/** Examples with what is to be learnt of them. */
export interface LabelledExamples {
  /** Token ids of each example. */
  readonly encoded: readonly Int32Array[];
  /** Target in [0, 1] of each head on each example, (n × heads). */
  readonly targets: Matrix;
  /** Loss coefficient of each head on each example, (n × heads), ≥ 0. */
  readonly lossWeights: Matrix;
}

/** Examples kept for validation, and when it stops a training. */
export interface Validation {
  readonly examples: LabelledExamples;
  /** Steps between validations. */
  readonly everySteps: number;
  /** Stop after this many validations in a row without a lower loss. */
  readonly patience: number;
}

/** All that a training starts from. */
export interface TrainingRun extends LabelledExamples {
  readonly model: ModelShape;
  /** By name, the trained ones changed in place, the others only read. */
  readonly weights: Arrays;
  /** Names of the weights that are trained. */
  readonly trainable: readonly string[];
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
  /** So many consecutive examples always stand in one batch; divides their number and the batch size. @default 1 */
  readonly together?: number;
  /**
   * Gives each step's targets and weights; costs one forward pass more, about 0.3 of a step. Must follow from its
   * argument alone, or a training that goes on from a checkpoint takes other steps than one that never stopped.
   */
  readonly retarget?: Retarget;
  /** In the place of `config.earlyStopping`. */
  readonly validation?: Validation;
}
