import type { StrongModel } from '../../core/models.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { chooseProbe } from './choose-probe.ts';
import type { ProbeOptions } from './probe-options.ts';

/**
 * A linear probe w·h + b on frozen `model`: logistic regression of the task's targets on activations (methods.md 11.3,
 * 14.10). Score: its logit. `details` tell the layer and strength chosen and, where there was a choice, the
 * cross-validated AUROC that won.
 *
 * @throws UserError `too-few-examples` with fewer than two examples of a class, `unknown-layer`.
 */
export async function fitProbe(
  model: StrongModel,
  task: BinaryTask,
  options: ProbeOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  requireBothClasses(task, 2);
  const { layer, l2, auroc } = await chooseProbe(model, task, options, context);
  context.signal.throwIfAborted();
  const activations = await model.activations(task.examples, layer);
  const fitted = await fitLogisticRegression(matrixRows(activations), task.targets, { l2, standardize: true });
  const details = { layer, l2, examples: task.examples.length };
  return {
    score: async (inputs) => decision(await model.activations(inputs, layer), fitted),
    details: auroc === undefined ? details : { ...details, crossValidatedAuroc: auroc },
  };
}
