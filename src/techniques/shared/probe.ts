import type { StrongModel } from '../../core/models.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { fitAttentionProbe } from './attention-probe.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { chooseProbe } from './choose-probe.ts';
import { fitLinearProbe } from './linear-probe.ts';
import type { ProbeOptions } from './probe-options.ts';

/**
 * A probe on frozen `model` for the task's targets (methods.md 11.3, 14.10): {@link fitLinearProbe}, or the attention
 * form, {@link fitAttentionProbe}, at the layer and L2 strength that the linear form would take. Score: its logit.
 *
 * @throws UserError `too-few-examples` with fewer than two examples of a class, `unknown-layer`.
 */
export async function fitProbe(
  model: StrongModel,
  task: BinaryTask,
  options: ProbeOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  if (options.form === 'linear') return fitLinearProbe(model, task, options, context);
  requireBothClasses(task, 2);
  const { layer, l2, auroc } = await chooseProbe(model, task, options, context);
  context.signal.throwIfAborted();
  const { score, details } = await fitAttentionProbe(model, task, { ...options, layer, l2 }, context);
  const chosen = { layer, l2, ...details };
  return { score, details: auroc === undefined ? chosen : { ...chosen, crossValidatedAuroc: auroc } };
}
