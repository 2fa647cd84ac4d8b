import { expected } from '../core/errors.ts';
import { type SupervisedExample, weakLabel } from '../core/examples.ts';
import type { TrainingTargets } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { Progress } from '../core/settings.ts';
import { initialWeights } from './architecture.ts';
import type { Runtime } from './compiled.ts';
import type { FinetuningConfig, ModelConfig, TrainingConfig } from './config.ts';
import { headsOf, initialHeads } from './heads.ts';
import type { ReadPlace } from './model-graph.ts';
import { createNetworkModel, type ModelFinetuneOptions, type ModelParts, type NetworkModel } from './network-model.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { createDecoder } from './transformer.ts';

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

/** A network with its own weights, to which heads are added. */
export interface StrongModelOptions<Tokenizer extends TextTokenizer>
  extends Omit<ModelParts<Tokenizer>, 'heads' | 'readAt' | 'adapters'> {
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  /** @default the network's own, else 'last' where a token sees only those before it, else 'first' */
  readonly readAt?: ReadPlace;
  /** Of the heads' random start. */
  readonly seed: number;
}

/** A pretrained network as a strong model: its weights with random heads by seed. */
export function createStrongModel<Tokenizer extends TextTokenizer>(
  options: StrongModelOptions<Tokenizer>,
): NetworkModel<Tokenizer> {
  const { measurements, seed, ...parts } = options;
  const { network, weights } = parts;
  const heads = headsOf(measurements);
  const start = initialHeads(network.width, heads.length, createRng(seed, 'initial-heads'));
  const readAt = parts.readAt ?? network.readAt ?? (network.causal ? 'last' : 'first');
  return createNetworkModel({ ...parts, readAt, heads, weights: new Map([...weights, ...start]) });
}

/** The project's own model before it saw any measurement: random weights by seed. */
export function createPretrained(options: PretrainedOptions): NetworkModel<Tokenizer> {
  const { measurements, tokenizer, model, training, finetuning, seed, threads, device, signal } = options;
  const architecture = { ...model, vocabulary: tokenizer.vocabulary };
  const heads = headsOf(measurements);
  const weights = initialWeights(architecture, heads.length, seed);
  const runtime = { threads, device, ...(signal && { signal }) };
  const network = createDecoder(architecture);
  return createNetworkModel({ network, weights, tokenizer, heads, readAt: 'last', training, finetuning, runtime });
}

/** The measurement predictor: {@link createPretrained}'s model of the same seed, after {@link trainOnMeasurements}. */
export function trainMeasurementPredictor(options: PredictorOptions): Promise<NetworkModel<Tokenizer>> {
  const { examples, seed, progress } = options;
  return trainOnMeasurements(createPretrained(options), examples, { seed, progress });
}

/**
 * The model trained on the measurements of all examples with the loss of methods.md 11.2, (1 − w_agg) · Σ_j
 * BCE(measurement_j) + w_agg · BCE(aggregate), soft where weak supervisors gave probabilities; masked measurements and the ground-truth head weigh nothing. Epochs and
 * learning rate are those of its training config.
 * @throws UserError (`wrong-measurements`) when an example has another number of measurements than the model's heads.
 */
export function trainOnMeasurements<Tokenizer extends TextTokenizer>(
  model: NetworkModel<Tokenizer>,
  examples: readonly SupervisedExample[],
  options: Omit<ModelFinetuneOptions, 'epochs' | 'learningRate'>,
): Promise<NetworkModel<Tokenizer>> {
  const { epochs, learningRate, aggregateWeight } = model.parts.training;
  const data = predictorTargets(examples, model.heads.length - 2, aggregateWeight);
  return model.finetune(data, { ...options, epochs, learningRate });
}

function predictorTargets(
  examples: readonly SupervisedExample[],
  count: number,
  aggregateWeight: number,
): TrainingTargets {
  const columns = 2 + count;
  const targets = new Float32Array(examples.length * columns);
  const weights = new Float32Array(examples.length * columns);
  const soft = examples.every(isLabelledSoftly);
  examples.forEach((example, row) => {
    requireMeasurements(example, count);
    const { measurements, weakLabels } = example;
    const present = measurements.some((measurement) => measurement !== null);
    const each = soft && weakLabels ? weakLabels : measurements.map(Number);
    targets.set([weakLabel(example) ?? 0, 0, ...each], row * columns);
    const masked = measurements.map((measurement) => (measurement === null ? 0 : 1 - aggregateWeight));
    weights.set([present ? aggregateWeight : 0, 0, ...masked], row * columns);
  });
  const shape = { rows: examples.length, columns };
  return { inputs: examples, targets: { ...shape, data: targets }, weights: { ...shape, data: weights } };
}

/** Whether its measurements are its weak labels made hard; a file may have both, and then neither speaks for the other. */
function isLabelledSoftly({ measurements, weakLabels = [] }: SupervisedExample): boolean {
  return weakLabels.length === measurements.length && weakLabels.every((p, j) => measurements[j] === p > 0.5);
}

function requireMeasurements({ id, measurements }: SupervisedExample, count: number): void {
  if (measurements.length === count) return;
  const next = 'Give every example the same measurements, null where one is absent.';
  throw expected('wrong-measurements', `example "${id}"`, `measured ${count} times`, measurements.length, next);
}
