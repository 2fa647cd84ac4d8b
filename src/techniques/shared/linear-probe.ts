import type { FittedTechnique, SavedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import type { ActivationSource } from './activation-source.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { chooseProbe } from './choose-probe.ts';
import type { LinearProbeOptions } from './probe-options.ts';

/**
 * Logistic regression w·h + b on what `source` gives at the last token, for the task's targets, or for their
 * probabilities where it tells them (methods.md 11.3, 14.10). Score: its logit. `details` tell the layer and strength
 * chosen and, where there was a choice, the cross-validated AUROC that won.
 *
 * @throws UserError `too-few-examples` with fewer than two examples of a class, `unknown-layer`.
 */
export async function fitLinearProbe(
  source: ActivationSource,
  task: BinaryTask,
  options: LinearProbeOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  requireBothClasses(task, 2);
  const { layer, l2, auroc } = await chooseProbe(source, task, options, context);
  context.signal.throwIfAborted();
  const activations = await source.activations(task.examples, layer);
  const targets = task.probabilities ?? task.targets;
  const fitted = await fitLogisticRegression(matrixRows(activations), targets, { l2, standardize: true });
  const details = { layer, l2, examples: task.examples.length };
  const saved = { values: { layer, bias: fitted.bias }, arrays: { weights: fitted.weights }, models: {} };
  return {
    ...restoreLinearProbe(saved, source),
    details: auroc === undefined ? details : { ...details, crossValidatedAuroc: auroc },
  };
}

/** What {@link fitLinearProbe} fitted on this source, from what it kept. */
export function restoreLinearProbe(saved: SavedTechnique, source: ActivationSource): FittedTechnique {
  const { layer, bias } = saved.values as { readonly layer: number; readonly bias: number };
  const probe = { weights: saved.arrays.weights as Float64Array, bias };
  return { score: async (inputs) => decision(await source.activations(inputs, layer), probe), saved };
}
