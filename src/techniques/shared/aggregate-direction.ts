import { aggregateMeasurement, type SupervisedExample } from '../../core/examples.ts';
import type { Matrix, StrongModel } from '../../core/models.ts';
import type { TechniqueContext, TrainingView } from '../../core/techniques.ts';
import { requireBothClasses } from './binary-task.ts';
import { hasAggregate } from './doubtful-positives.ts';

/** What is projected away: h ↦ h − u·uᵀ(h − mean). */
interface Projection {
  /** (width) of length 1, or all 0 where the class means are the same. */
  readonly u: Float64Array;
  readonly offset: number;
}

const rowsAtATime = 4096;

/**
 * `model` with hidden states from which the direction between the mean activations of positive and of negative aggregate
 * is removed, at each layer its own, learned at that layer's first use from all of the view's examples (methods.md 11.3,
 * `pace`). Their mean component along it stays as a constant. Logits, attention heads,
 * likelihoods and training are the model's own.
 *
 * @throws UserError `too-few-examples` when the aggregate is always the same.
 */
export function withoutAggregateDirection(
  technique: string,
  model: StrongModel,
  view: TrainingView,
  context: TechniqueContext,
): StrongModel {
  const examples = view.examples.filter(hasAggregate);
  requireBothClasses({
    technique,
    targets: examples.map(aggregateMeasurement),
    positives: 'examples with every measurement positive',
    negatives: 'examples with a negative measurement',
  });
  const projections = new Map<number, Promise<Projection>>();
  const projectionAt = (layer: number): Promise<Projection> => {
    const projection = projections.get(layer) ?? learnProjection(model, examples, layer, context);
    projections.set(layer, projection);
    return projection;
  };
  return {
    heads: model.heads,
    layers: model.layers,
    width: model.width,
    attentionHeads: model.attentionHeads,
    logits: (inputs) => model.logits(inputs),
    activations: async (inputs, layer) => project(await model.activations(inputs, layer), await projectionAt(layer)),
    headOutputs: (inputs, layer) => model.headOutputs(inputs, layer),
    logLikelihoods: (completions) => model.logLikelihoods(completions),
    tokenStates: async (inputs, layer) => {
      const { lengths, states } = await model.tokenStates(inputs, layer);
      return { lengths, states: project(states, await projectionAt(layer)) };
    },
    intervene: (inputs, intervention) => model.intervene(inputs, intervention),
    interventionGradient: (inputs, intervention, coefficients) =>
      model.interventionGradient(inputs, intervention, coefficients),
    finetune: (data, options) => model.finetune(data, options),
  };
}

async function learnProjection(
  model: StrongModel,
  examples: readonly SupervisedExample[],
  layer: number,
  { progress, signal }: TechniqueContext,
): Promise<Projection> {
  const sums = [new Float64Array(model.width), new Float64Array(model.width)] as const;
  const counts = [0, 0];
  for (let start = 0; start < examples.length; start += rowsAtATime) {
    signal.throwIfAborted();
    const some = examples.slice(start, start + rowsAtATime);
    const { columns, data } = await model.activations(some, layer);
    some.forEach((example, row) => {
      const side = Number(aggregateMeasurement(example)) as 0 | 1;
      (counts[side] as number)++;
      const sum = sums[side];
      for (let j = 0; j < columns; j++) (sum[j] as number) += data[row * columns + j] as number;
    });
    progress(start + some.length, examples.length, 'examples');
  }
  const [negatives, positives] = counts as [number, number];
  const difference = sums[1].map((sum, j) => sum / positives - (sums[0][j] as number) / negatives);
  const length = Math.hypot(...difference);
  const u = difference.map((value) => (length > 0 ? value / length : 0));
  const mean = sums[1].map((sum, j) => (sum + (sums[0][j] as number)) / examples.length);
  return { u, offset: u.reduce((sum, value, j) => sum + value * (mean[j] as number), 0) };
}

function project({ rows, columns, data }: Matrix, { u, offset }: Projection): Matrix {
  const projected = new Float32Array(data.length);
  for (let start = 0; start < rows * columns; start += columns) {
    let along = -offset;
    for (let j = 0; j < columns; j++) along += (u[j] as number) * (data[start + j] as number);
    for (let j = 0; j < columns; j++) projected[start + j] = (data[start + j] as number) - along * (u[j] as number);
  }
  return { rows, columns, data: projected };
}
