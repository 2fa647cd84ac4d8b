import { categories, type Input, type SupervisedExample } from '../core/examples.ts';
import type { HeadId } from '../core/models.ts';
import type { FittedTechnique, Technique, TrainingView } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { requireBothClasses } from './shared/binary-task.ts';
import { type FinetuningOptions, finetuningOptions, fitTargets } from './shared/finetuning.ts';
import { measurementTargets, trainingTargets } from './shared/targets.ts';

/**
 * Exclusion finetuning, one measurement at a time: for each measurement j the predictor is trained on with the same loss
 * on all examples, except that measurement j's loss is masked where an untrusted example has it positive; the other
 * measurements and the aggregate keep theirs, as `exclusion-finetuning` keeps the measurements'.
 * Score: Σ_j of model j's logit of measurement j, masked ones too, since inputs do not say which are masked.
 *
 * Unlike `exclusion-finetuning` it doubts a positive measurement on inconsistent examples too. It costs m finetunings.
 * Defaults: 3 epochs at 3e-4. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const exclusionFinetuningEach: Technique<FinetuningOptions> = {
  id: 'exclusion-finetuning-each',
  title: 'Exclusion finetuning, each measurement',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'untrusted-examples'] },
  options: finetuningOptions({ epochs: 3, learningRate: 3e-4 }),
  calibrated: false,
  finetunesOn: categories,
  finetunings: (_options, measurements) => Array.from({ length: measurements }, () => categories),
  async fit(view, options, context) {
    requireNeeds(exclusionFinetuningEach, view);
    view.measurementNames.forEach((_, j) => {
      requireBothValues(view, j);
    });
    const fitted: FittedTechnique[] = [];
    for (const j of view.measurementNames.keys()) {
      const head: HeadId = `measurement-${j + 1}`;
      const data = trainingTargets(context.predictor.heads, view.examples, (example) =>
        measurementTargets(example).filter((target) => target.head !== head || !isDoubted(example, j)),
      );
      fitted.push(await fitTargets(context.predictor, head, data, options, context));
    }
    const masked = view.measurementNames.map((_, j) => view.examples.filter((e) => isDoubted(e, j)).length);
    return { score: (inputs) => sumOfScores(fitted, inputs), details: { ...fitted[0]?.details, masked } };
  },
};

function isDoubted({ trusted, measurements }: SupervisedExample, j: number): boolean {
  return !trusted && measurements[j] === true;
}

async function sumOfScores(fitted: readonly FittedTechnique[], inputs: readonly Input[]): Promise<Float64Array> {
  const sum = new Float64Array(inputs.length);
  for (const { score } of fitted) {
    (await score(inputs)).forEach((logit, i) => {
      (sum[i] as number) += logit;
    });
  }
  return sum;
}

/** Without a positive and a negative left, measurement j's head would learn a constant. */
function requireBothValues({ examples, measurementNames }: TrainingView, j: number): void {
  const kept = examples.filter((example) => example.measurements[j] !== null && !isDoubted(example, j));
  requireBothClasses({
    technique: 'exclusion-finetuning-each',
    targets: kept.map(({ measurements }) => measurements[j] === true),
    positives: `trusted examples with measurement "${measurementNames[j]}" positive`,
    negatives: `examples with measurement "${measurementNames[j]}" negative`,
  });
}
