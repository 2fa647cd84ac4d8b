import type { Example } from '../core/examples.ts';
import type { Dataset } from '../core/settings.ts';
import type { Technique, TechniqueContext } from '../core/techniques.ts';
import { createTrainingView, inputsOf } from '../core/training-view.ts';
import { type PermutationId, permuteDataset } from './permute.ts';
import { judgedSplits } from './steps/dataset.ts';

export interface AuditOptions {
  readonly technique: Technique;
  /** The technique's options; defaults where left out. */
  readonly options?: unknown;
  readonly dataset: Dataset;
  /** Makes the models anew for a permuted dataset, so that nothing learned before can help. */
  readonly prepare: (dataset: Dataset) => Promise<Pick<TechniqueContext, 'predictor' | 'pretrained' | 'createModel'>>;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Called when a check begins. */
  readonly progress?: (check: string) => void;
}

export interface AuditCheck {
  readonly id: PermutationId | 'repeat';
  readonly passed: boolean;
  /** What was done and seen, in a sentence. */
  readonly finding: string;
}

export interface AuditReport {
  readonly technique: string;
  readonly ceiling: boolean;
  readonly passed: boolean;
  readonly checks: readonly AuditCheck[];
}

/**
 * Proves the ground-truth firewall on one technique (design.md section 4), end to end from the dataset on: permuting the
 * hidden ground truth must leave every score bit-identical (a declared ceiling must change instead), renaming ids must
 * too, and permuting the measurements must change scores, or the check would be blind (unless the technique declares
 * that it ignores them: then they must not). Doing it all again comes first.
 */
export async function auditTechnique(options: AuditOptions): Promise<AuditReport> {
  const { technique, dataset, seed, progress } = options;
  const ceiling = technique.needs.groundTruth === true;
  progress?.('fitting on the data as they are');
  const original = await scoresOn(dataset, options);
  const checks: AuditCheck[] = [];
  const compare = async (id: AuditCheck['id'], done: string, changed: Dataset, mustMove: boolean) => {
    progress?.(done);
    const moved = countMoved(original, await scoresOn(changed, options));
    const finding = `${done}: ${moved === 0 ? 'every score bit-identical' : `${moved} of ${original.length} scores changed`}`;
    checks.push({
      id,
      passed: moved > 0 === mustMove,
      finding: `${finding}; expected ${mustMove ? 'a change' : 'no change'}`,
    });
  };
  await compare('repeat', 'did everything again', dataset, false);
  await compare(
    'ground-truth',
    'permuted the hidden ground truth',
    permuteDataset(dataset, 'ground-truth', seed),
    ceiling,
  );
  await compare('ids', 'renamed the examples', permuteDataset(dataset, 'ids', seed), false);
  await compare(
    'measurements',
    'permuted the measurements',
    permuteDataset(dataset, 'measurements', seed),
    technique.ignoresMeasurements !== true,
  );
  return { technique: technique.id, ceiling, passed: checks.every(({ passed }) => passed), checks };
}

async function scoresOn(dataset: Dataset, options: AuditOptions): Promise<Float64Array> {
  const { technique, seed, signal } = options;
  const models = await options.prepare(dataset);
  const groundTruth = technique.needs.groundTruth === true;
  const view = createTrainingView(dataset.splits.train, dataset.measurementNames, {
    groundTruth,
    supervisorExamples: dataset.supervisorExamples,
  });
  const techniqueOptions = technique.options.parse(options.options ?? {});
  const fitted = await technique.fit(view, techniqueOptions, { ...models, seed, signal, progress: () => {} });
  const examples = judgedSplits(dataset).flatMap((split) => dataset.splits[split] as readonly Example[]);
  return fitted.score(inputsOf(examples));
}

function countMoved(before: Float64Array, after: Float64Array): number {
  return before.reduce((count, score, i) => count + Number(!Object.is(score, after[i])), 0);
}
