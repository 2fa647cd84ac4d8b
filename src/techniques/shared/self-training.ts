import type { FittedTechnique, TechniqueContext, TrainingView } from '../../core/techniques.ts';
import type { LossBatch } from './loss-batch.ts';
import { rampAt } from './ramp.ts';
import type { SelfOptions } from './self-options.ts';
import { weakTask } from './weak-task.ts';
import { fitStudent } from './weak-to-strong.ts';

/** A student that learns from weak labels and, more and more, from its own answers: `targetsOf` mixes them by the ramped weight. */
export function fitSelfTraining(
  technique: string,
  { examples }: TrainingView,
  options: SelfOptions,
  context: TechniqueContext,
  targetsOf: (batch: LossBatch, weight: number) => ArrayLike<number>,
): Promise<FittedTechnique> {
  const { maxWeight, warmup, ramp } = options;
  return fitStudent(context.pretrained, weakTask(technique, examples), options, context, (batch) => ({
    targets: targetsOf(batch, maxWeight * rampAt(batch.share, warmup, ramp)),
  }));
}
