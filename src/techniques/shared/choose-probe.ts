import { isDefined } from '../../core/estimates.ts';
import type { Matrix } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { auroc } from '../../stats/auroc.ts';
import { type Fold, stratifiedFolds } from '../../stats/cross-validation.ts';
import type { ActivationSource } from './activation-source.ts';
import type { BinaryTask } from './binary-task.ts';
import { resolveLayer } from './layers.ts';
import type { LinearProbeOptions } from './probe-options.ts';
import { sampleClasses } from './sample-classes.ts';

/** A probe's layer and L2 strength. */
interface ProbeChoice {
  readonly layer: number;
  readonly l2: number;
  /** Mean AUROC over the folds, on the probe's own target; undefined when there was nothing to choose. */
  readonly auroc: number | undefined;
}

/**
 * The layer and L2 strength whose probe has the highest AUROC on its own target, cross-validated within the training
 * examples (stratified folds, mean over folds). No other target is seen. Ties go to the later layer, then to the
 * stronger penalty. Needs two examples of each class.
 */
export async function chooseProbe(
  model: ActivationSource,
  task: BinaryTask,
  options: LinearProbeOptions,
  { seed, progress, signal }: TechniqueContext,
): Promise<ProbeChoice> {
  const layers = candidateLayers(task.technique, options.layer, model);
  const strengths = [...new Set(options.l2)].sort((a, b) => b - a);
  let best: ProbeChoice = { layer: layers[0] as number, l2: strengths[0] as number, auroc: undefined };
  if (layers.length * strengths.length === 1) return best;
  const rows = sampleClasses(task.targets, options.choiceExamples, createRng(seed, 'choose-probe'));
  const inputs = pick(task.examples, rows);
  const targets = pick(task.targets, rows);
  const folds = stratifiedFolds(targets, { folds: Math.min(options.folds, smallestClass(targets)), seed });
  for (const [done, layer] of layers.entries()) {
    signal.throwIfAborted();
    const activations = await model.activations(inputs, layer);
    for (const l2 of strengths) {
      const candidate = { layer, l2, auroc: await crossValidate(activations, targets, folds, l2) };
      if (candidate.auroc > (best.auroc ?? -1)) best = candidate;
    }
    progress(done + 1, layers.length, 'layers');
  }
  return best;
}

/** Later layers first. The embedding is left out: at the last token it knows nothing of the tokens before. */
function candidateLayers(
  technique: string,
  layer: LinearProbeOptions['layer'],
  model: ActivationSource,
): readonly number[] {
  if (layer !== 'chosen') return [resolveLayer(technique, layer, model)];
  return Array.from({ length: model.layers }, (_, index) => model.layers - index);
}

function smallestClass(targets: readonly boolean[]): number {
  const positives = targets.filter(Boolean).length;
  return Math.min(positives, targets.length - positives);
}

async function crossValidate(
  activations: Matrix,
  targets: readonly boolean[],
  folds: readonly Fold[],
  l2: number,
): Promise<number> {
  let sum = 0;
  for (const { train, validation } of folds) {
    const options = { l2, standardize: true };
    const source = matrixRows(rowsOf(activations, train));
    const fitted = await fitLogisticRegression(source, pick(targets, train), options);
    const estimate = auroc(decision(rowsOf(activations, validation), fitted), pick(targets, validation));
    sum += isDefined(estimate) ? estimate.value : 0.5;
  }
  return sum / folds.length;
}

function pick<T>(values: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => values[row] as T);
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { rows: rows.length, columns, data: picked };
}
