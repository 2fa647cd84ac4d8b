import { aggregateMeasurement, categories, type SupervisedExample } from '../core/examples.ts';
import type { Technique, TrainingView } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { requireBothClasses } from './shared/binary-task.ts';
import { hasAggregate, isDoubtfulPositive } from './shared/doubtful-positives.ts';
import { type FinetuningOptions, finetuningOptions, fitTargets, restoreHead } from './shared/finetuning.ts';
import { type HeadTarget, measurementTargets, trainingTargets } from './shared/targets.ts';

/**
 * Exclusion finetuning (EFT): the measurement predictor trained on with the same loss on all examples, except that the
 * aggregate's loss is masked where an untrusted example has every measurement positive. Score: aggregate logit.
 *
 * The measurements' losses stay, so the model keeps representing them, while the aggregate head sees no positive that
 * may be fake. Defaults: 3 epochs at 3e-4. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const exclusionFinetuning: Technique<FinetuningOptions> = {
  id: 'exclusion-finetuning',
  title: 'Exclusion finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'untrusted-examples'] },
  options: finetuningOptions({ epochs: 3, learningRate: 3e-4 }),
  calibrated: true,
  finetunesOn: categories,
  async fit(view, options, context) {
    requireNeeds(exclusionFinetuning, view);
    requireBothAggregates(view);
    const data = trainingTargets(context.predictor.heads, view.examples, maskDoubtfulPositives);
    const fitted = await fitTargets(context.predictor, 'aggregate', data, options, context);
    return { ...fitted, details: { ...fitted.details, masked: view.examples.filter(isDoubtfulPositive).length } };
  },
  restore: restoreHead,
};

function maskDoubtfulPositives(example: SupervisedExample): readonly HeadTarget[] {
  const targets = measurementTargets(example);
  return isDoubtfulPositive(example) ? targets.filter(({ head }) => head !== 'aggregate') : targets;
}

/** Without a positive and a negative left, the aggregate head would learn a constant. */
function requireBothAggregates({ examples }: TrainingView): void {
  const kept = examples.filter((example) => hasAggregate(example) && !isDoubtfulPositive(example));
  requireBothClasses({
    technique: 'exclusion-finetuning',
    targets: kept.map(aggregateMeasurement),
    positives: 'trusted examples with every measurement positive',
    negatives: 'examples with a negative measurement',
  });
}
