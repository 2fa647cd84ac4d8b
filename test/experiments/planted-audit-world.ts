import type { Dataset } from '../../src/core/settings.ts';
import { createTrainingView } from '../../src/core/training-view.ts';
import { measurementTargets, trainingTargets } from '../../src/techniques/shared/targets.ts';
import { createFakeModel } from '../techniques/fake-model.ts';
import { plantedExamples, plantedMeasurementNames, plantedWidth } from '../techniques/planted-world.ts';

/** A planted dataset, and models for it that take milliseconds to train. */
export function plantedAuditWorld() {
  const dataset: Dataset = {
    setting: 'planted',
    seed: 0,
    measurementNames: plantedMeasurementNames,
    splits: { train: plantedExamples(0, 400), validation: plantedExamples(1, 200) },
    notes: { counts: {}, dropped: {}, relabelled: {}, heldOut: {} },
  };
  const prepare = async ({ splits, measurementNames }: Dataset) => {
    const { examples } = createTrainingView(splits.train, measurementNames, { groundTruth: false });
    const pretrained = createFakeModel(plantedWidth, measurementNames.length, 1, 0);
    const targets = trainingTargets(pretrained.heads, examples, measurementTargets);
    const predictor = await pretrained.finetune(targets, { seed: 0, epochs: 5, learningRate: 3e-4 });
    return { pretrained, predictor, createModel: async () => pretrained };
  };
  return { dataset, prepare };
}
