import type { Matrix } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import type { FittedTechnique, TechniqueContext, TrainingView } from '../../core/techniques.ts';
import type { Eraser } from '../../solvers/eraser.ts';
import { erasedActivations } from './erased-activations.ts';
import type { LabelOptions } from './label-options.ts';
import { fitLinearProbe } from './linear-probe.ts';
import type { LinearProbeOptions } from './probe-options.ts';
import { trustedTask } from './trusted-task.ts';
import { partOfTask, requireBothLabels, weakTask } from './weak-task.ts';

/** Options of a probe on what is left when the weak labels are erased. */
export interface WeakEraserOptions extends LinearProbeOptions, Pick<LabelOptions, 'model'> {}

/** What erases, and on how many examples at most it is learned. */
export interface WeakEraser {
  readonly technique: string;
  readonly mostExamples: number;
  /** @param activations (n × width) @param labels (n) */
  fit(activations: Matrix, labels: Float64Array): Promise<Eraser>;
}

/**
 * Erases the weak label of training examples (of a measurement-tampering setting: the aggregate measurement) from
 * activations, and learns the aggregate of trusted examples from what is left by a linear probe.
 *
 * @throws UserError `too-few-examples` when weak labels, or trusted aggregates, are all alike, `unknown-layer`.
 */
export async function fitWithoutWeakLabel(
  eraser: WeakEraser,
  view: TrainingView,
  options: WeakEraserOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const { technique, mostExamples } = eraser;
  const all = weakTask(technique, view.examples);
  requireBothLabels(all);
  const rows = [...all.examples.keys()];
  const drawn = createRng(context.seed, 'weak-eraser').sample(rows, Math.min(mostExamples, rows.length));
  const { examples, labels } = partOfTask(all, rows.length <= mostExamples ? rows : drawn);
  const source = erasedActivations(context[options.model], examples, (states) => eraser.fit(states, labels));
  const { score, details } = await fitLinearProbe(source, trustedTask(technique, view), options, context);
  const erased = { directions: await source.rank(Number(details?.layer)), eraserExamples: examples.length };
  return { score, details: { ...details, ...erased } };
}
