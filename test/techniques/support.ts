import type { Example } from '../../src/core/examples.ts';
import type { StrongModel } from '../../src/core/models.ts';
import type { FittedTechnique, Technique, TechniqueContext } from '../../src/core/techniques.ts';
import { createTrainingView } from '../../src/core/training-view.ts';
import { plantedMeasurementNames } from './planted-world.ts';

export function contextOf(predictor: StrongModel, pretrained = predictor, seed = 0): TechniqueContext {
  const createModel = async () => pretrained;
  return { seed, predictor, pretrained, createModel, progress: () => {}, signal: new AbortController().signal };
}

interface FitParts {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly context: TechniqueContext;
  readonly measurementNames?: readonly string[];
}

/** Fits on what the firewall lets through, with the technique's defaults where `options` are silent. */
export async function fitOn<Options>(
  technique: Technique<Options>,
  examples: readonly Example[],
  { options = {}, context, measurementNames = plantedMeasurementNames }: FitParts,
): Promise<FittedTechnique> {
  const view = createTrainingView(examples, measurementNames, { groundTruth: technique.needs.groundTruth ?? false });
  return technique.fit(view, technique.options.parse(options), context);
}

/** Positive where the outcome is real, among untrusted examples with every measurement positive. */
export function judged(examples: readonly Example[]): readonly Example[] {
  return examples.filter((example) => !example.trusted && example.measurements.every((value) => value === true));
}
