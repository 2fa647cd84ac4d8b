import { z } from 'zod';
import type { FittedTechnique, TechniqueContext, TrainingView } from '../../core/techniques.ts';
import { decision } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import type { RowSource } from '../../solvers/row-source.ts';
import { requireBothClasses } from './binary-task.ts';
import { chooseProbe } from './choose-probe.ts';
import { type LabelOptions, labelOptions } from './label-options.ts';
import { labelledTask } from './labelled-task.ts';

/** What every closed-form direction lets one choose. */
export interface DirectionOptions extends LabelOptions {
  /**
   * Whose activations to read, 0 = embedding; `chosen` takes the layer whose linear probes have the highest
   * cross-validated AUROC on the same labels. @default 'last'
   */
  readonly layer: 'chosen' | 'last' | number;
}

/** Schema of {@link DirectionOptions}; unknown keys are refused. */
export const directionOptions = labelOptions.extend({
  layer: z
    .union([z.enum(['chosen', 'last']), z.int().min(0)])
    .default('last')
    .describe('Layer to read, 0 = embedding; chosen = by cross-validated AUROC of linear probes on the same labels'),
});

/** The score weights · h + bias, higher for positive labels. */
interface Direction {
  readonly weights: Float64Array;
  readonly bias: number;
}

/** How the linear probes that choose a layer are fitted. */
const choice = { l2: [1e-2], folds: 3, choiceExamples: 3000 };

/**
 * A direction that `learn` reads off activations (n × width) and their labels, each above 1/2 or not.
 *
 * @throws UserError `missing-structure`, `unknown-layer`, `too-few-examples` with fewer than two examples of a class.
 */
export async function fitDirection(
  technique: string,
  learn: (source: RowSource, labels: readonly boolean[]) => Promise<Direction>,
  view: TrainingView,
  options: DirectionOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const task = labelledTask(technique, view, options.labels);
  requireBothClasses(task, 2);
  const model = context[options.model];
  const { layer, auroc } = await chooseProbe(model, task, { ...choice, layer: options.layer }, context);
  context.signal.throwIfAborted();
  const direction = await learn(matrixRows(await model.activations(task.examples, layer)), task.targets);
  const details = { layer, labels: options.labels, model: options.model, examples: task.examples.length };
  return {
    score: async (inputs) => decision(await model.activations(inputs, layer), direction),
    details: auroc === undefined ? details : { ...details, crossValidatedAuroc: auroc },
  };
}
