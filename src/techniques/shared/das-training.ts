import type { SupervisedExample } from '../../core/examples.ts';
import type { Rng } from '../../core/random.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import { createAdamW } from '../../graph/optimizer.ts';
import { warmupCosine } from '../../graph/schedule.ts';
import { type Box, countSubspaces, type Explanations, explain, possibleMeasurements } from './das-causal-model.ts';
import { type Interchanges, interchangeLoss, type Subspaces } from './das-interchange.ts';
import { drawPossibility } from './das-loss.ts';
import type { DasOptions } from './das-options.ts';
import { identityRotation, skewLength, turnRotation } from './das-rotation.ts';

/** Learned subspaces, and the mean loss over the first and the last tenth of the steps. */
export interface TrainedSubspaces extends Subspaces {
  readonly firstLoss: number;
  readonly lastLoss: number;
}

/** Hidden size of the published predictor, to which the published temperatures belong. */
const publishedDimensions = 1024;

/**
 * Learns subspaces of a layer by interchange interventions on the frozen predictor: each step exchanges, in a batch of base
 * examples, a random subspace for that of a random other example of the batch. The rotation starts at the identity and is
 * turned by Cayley steps whose skew matrix is Adam's update, so it stays orthogonal; the widths start equal. Rates warm up
 * over a tenth of the steps and fall along a cosine; the boundaries' temperature falls linearly.
 */
export async function trainSubspaces(
  layer: number,
  examples: readonly SupervisedExample[],
  options: DasOptions,
  context: Pick<TechniqueContext, 'predictor' | 'progress' | 'signal'>,
  rng: Rng,
): Promise<TrainedSubspaces> {
  const { predictor, progress, signal } = context;
  const dimensions = predictor.width;
  const { steps, learningRate, widthRate } = options;
  const data = { ...(await statesOf(examples, layer, context)), examples, explanations: examples.map(explain) };
  const turns = createAdamW({ skew: new Float32Array(skewLength(dimensions)) }, { weightDecay: 0 });
  const subspaces = countSubspaces((examples[0] as SupervisedExample).measurements.length);
  const widths = createAdamW({ shares: new Float32Array(subspaces) }, { weightDecay: 0 });
  const rate = warmupCosine({ peak: 1, steps, warmup: Math.ceil(steps / 10) });
  const nextBatch = batches(examples.length, options.batchSize, rng);
  const losses: number[] = [];
  let rotation = identityRotation(dimensions);
  const learned = () => ({ dimensions, rotation, shares: Float64Array.from(widths.parameters.shares as Float32Array) });
  for (let step = 0; step < steps; step++) {
    signal.throwIfAborted();
    const interchanges = drawInterchanges(data, nextBatch(), options.target, rng);
    const temperature = temperatureAt(step / Math.max(1, steps - 1), dimensions, options);
    const { loss, skew, shares } = await interchangeLoss(predictor, layer, learned(), temperature, interchanges);
    widths.gradients.shares?.set(shares);
    widths.step(widthRate * rate(step));
    turns.gradients.skew?.set(skew);
    // From zero, so that what the optimizer leaves is the step itself, in the coordinates of the rotation as it now is.
    turns.parameters.skew?.fill(0);
    turns.step((learningRate / Math.sqrt(dimensions)) * rate(step));
    rotation = turnRotation(rotation, turns.parameters.skew as Float32Array, dimensions);
    losses.push(loss);
    progress(step + 1, steps, 'steps');
  }
  const tenth = Math.ceil(steps / 10);
  return { ...learned(), firstLoss: meanOf(losses.slice(0, tenth)), lastLoss: meanOf(losses.slice(-tenth)) };
}

interface DasData {
  readonly examples: readonly SupervisedExample[];
  readonly explanations: readonly Explanations[];
  /** (n × d) */
  readonly states: Float32Array;
  readonly dimensions: number;
}

async function statesOf(
  examples: readonly SupervisedExample[],
  layer: number,
  { predictor }: Pick<TechniqueContext, 'predictor'>,
) {
  const { columns, data } = await predictor.activations(examples, layer);
  return { dimensions: columns, states: data };
}

/** Linearly from the start's temperature to the end's; never below the end's. */
function temperatureAt(
  progress: number,
  dimensions: number,
  { startTemperature, endTemperature }: Pick<DasOptions, 'startTemperature' | 'endTemperature'>,
): number {
  const start = Math.max(endTemperature, (startTemperature * dimensions) / publishedDimensions);
  return start + progress * (endTemperature - start);
}

/** Rows of one batch after another, from one shuffled order after another; at least two, so that each has another. */
function batches(count: number, batchSize: number, rng: Rng): () => readonly number[] {
  const all = Array.from({ length: count }, (_, row) => row);
  const size = Math.max(2, Math.min(batchSize, count));
  let order: readonly number[] = [];
  return () => {
    if (order.length < size) order = rng.shuffle(all);
    const batch = order.slice(0, size);
    order = order.slice(size);
    return batch;
  };
}

function drawInterchanges(
  { examples, explanations, states, dimensions }: DasData,
  rows: readonly number[],
  target: DasOptions['target'],
  rng: Rng,
): Interchanges {
  const count = countSubspaces(examples[0]?.measurements.length as number);
  const base = new Float64Array(rows.length * dimensions);
  const difference = new Float64Array(base.length);
  const subspaces: number[] = [];
  const possible: (readonly Box[])[] = [];
  rows.forEach((row, place) => {
    const other = rows[(place + rng.integer(1, rows.length - 1)) % rows.length] as number;
    const subspace = rng.integer(0, count - 1);
    for (let j = 0; j < dimensions; j++) {
      const value = states[row * dimensions + j] as number;
      base[place * dimensions + j] = value;
      difference[place * dimensions + j] = (states[other * dimensions + j] as number) - value;
    }
    const set = possibleMeasurements(explanations[row] as Explanations, explanations[other] as Explanations, subspace);
    subspaces.push(subspace);
    possible.push(target === 'set' ? set : drawPossibility(set, rng));
  });
  return { inputs: rows.map((row) => examples[row] as SupervisedExample), base, difference, subspaces, possible };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
