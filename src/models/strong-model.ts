import { expected } from '../core/errors.ts';
import { aggregateMeasurement, type SupervisedExample } from '../core/examples.ts';
import type { TrainingTargets } from '../core/models.ts';
import type { Progress } from '../core/settings.ts';
import { initialWeights } from './architecture.ts';
import type { Runtime } from './compiled.ts';
import type { FinetuningConfig, ModelConfig, TrainingConfig } from './config.ts';
import type { Tokenizer } from './tokenizer.ts';
import { createTransformerModel, type TransformerModel } from './transformer-model.ts';

export interface PretrainedOptions extends Runtime {
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  readonly tokenizer: Tokenizer;
  readonly model: ModelConfig;
  readonly training: TrainingConfig;
  /** Defaults of the model's `finetune`. */
  readonly finetuning: FinetuningConfig;
  readonly seed: number;
}

export interface PredictorOptions extends PretrainedOptions {
  readonly examples: readonly SupervisedExample[];
  readonly progress: Progress;
}

/** The model before it saw any measurement: random weights by seed. */
export function createPretrained(options: PretrainedOptions): TransformerModel {
  const { measurements, tokenizer, model, training, finetuning, seed, threads, device, signal } = options;
  const architecture = { ...model, vocabulary: tokenizer.vocabulary, measurements };
  const weights = initialWeights(architecture, seed);
  const runtime = { threads, device, ...(signal && { signal }) };
  return createTransformerModel({ architecture, weights, tokenizer, training, finetuning, runtime });
}

/**
 * The measurement predictor: {@link createPretrained}'s model of the same seed, trained on all examples with the loss of
 * methods.md 11.2 read at the last token, (1 − w_agg) · Σ_j BCE(measurement_j) + w_agg · BCE(aggregate); masked
 * measurements and the ground-truth head weigh nothing.
 */
export function trainMeasurementPredictor(options: PredictorOptions): Promise<TransformerModel> {
  const { examples, measurements, training, seed, progress } = options;
  const data = predictorTargets(examples, measurements, training.aggregateWeight);
  const { epochs, learningRate } = training;
  return createPretrained(options).finetune(data, { seed, epochs, learningRate, progress });
}

function predictorTargets(
  examples: readonly SupervisedExample[],
  count: number,
  aggregateWeight: number,
): TrainingTargets {
  const columns = 2 + count;
  const targets = new Float32Array(examples.length * columns);
  const weights = new Float32Array(examples.length * columns);
  examples.forEach((example, row) => {
    requireMeasurements(example, count);
    const { measurements } = example;
    const present = measurements.some((measurement) => measurement !== null);
    targets.set([Number(aggregateMeasurement(example)), 0, ...measurements.map(Number)], row * columns);
    const masked = measurements.map((measurement) => (measurement === null ? 0 : 1 - aggregateWeight));
    weights.set([present ? aggregateWeight : 0, 0, ...masked], row * columns);
  });
  const shape = { rows: examples.length, columns };
  return { inputs: examples, targets: { ...shape, data: targets }, weights: { ...shape, data: weights } };
}

function requireMeasurements({ id, measurements }: SupervisedExample, count: number): void {
  if (measurements.length === count) return;
  const next = 'Give every example the same measurements, null where one is absent.';
  throw expected('wrong-measurements', `example "${id}"`, `measured ${count} times`, measurements.length, next);
}
