import type { StrongModel } from '../../core/models.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { fitAttentionProbe } from './attention-probe.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { chooseProbe } from './choose-probe.ts';
import type { ProbeOptions } from './probe-options.ts';

/**
 * A probe on frozen `model` for the task's targets (methods.md 11.3, 14.10). The linear form is logistic regression on
 * the last token's state, w·h + b; the attention form is {@link fitAttentionProbe}, at the layer and L2 strength that
 * the linear form would take. Score: its logit. `details` tell the layer and strength chosen and, where there was a
 * choice, the cross-validated AUROC that won.
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
  const fitForm = options.form === 'attention' ? fitAttentionProbe : fitLinearProbe;
  const { score, details } = await fitForm(model, task, { ...options, layer, l2 }, context);
  const chosen = { layer, l2, ...details };
  return { score, details: auroc === undefined ? chosen : { ...chosen, crossValidatedAuroc: auroc } };
}

async function fitLinearProbe(
  model: StrongModel,
  task: BinaryTask,
  { layer, l2 }: { readonly layer: number; readonly l2: number },
): Promise<FittedTechnique> {
  const activations = await model.activations(task.examples, layer);
  const fitted = await fitLogisticRegression(matrixRows(activations), task.targets, { l2, standardize: true });
  return {
    score: async (inputs) => decision(await model.activations(inputs, layer), fitted),
    details: { examples: task.examples.length },
  };
}
